package io.tandem.postprocess;

import org.jspecify.annotations.Nullable;

/**
 * A picture that was encoded, and where it lies.
 *
 * @param path relative to the run folder; null if its content is in the row
 * @param width in pixels
 * @param height in pixels
 * @param length of the file, in bytes
 * @param sha256 of the file, in hexadecimal digits
 * @param content the file; null if it lies under its path
 */
@SuppressWarnings("ArrayRecordComponent") // Not copied: a whole file.
public record StoredPicture(
    @Nullable String path,
    int width,
    int height,
    long length,
    String sha256,
    byte @Nullable [] content) {}
