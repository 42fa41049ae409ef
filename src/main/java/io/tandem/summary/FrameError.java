package io.tandem.summary;

/** A frame that could not be read or decoded, and the number of its rows. */
public record FrameError(String path, int frameIndex, String error, long rows) {}
