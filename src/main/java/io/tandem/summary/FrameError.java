package io.tandem.summary;

/** A frame that could not be read or decoded, and how many of its rows say so. */
public record FrameError(String path, int frameIndex, String error, long rows) {}
