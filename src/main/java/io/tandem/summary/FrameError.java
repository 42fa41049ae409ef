package io.tandem.summary;

import org.jspecify.annotations.Nullable;

/**
 * A frame that could not be read or decoded, and the number of its rows.
 *
 * @param ptsMicros its time in its video, in microseconds; null if it is an image, or all of a
 *     video
 */
public record FrameError(
    String path, int frameIndex, @Nullable Long ptsMicros, String error, long rows) {}
