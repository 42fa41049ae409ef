package io.tandem.postprocess;

import org.jspecify.annotations.Nullable;

/**
 * A picture that was encoded, and where it lies.
 *
 * @param path relative to the run folder; null if its content is in the row
 * @param width in pixels
 * @param height in pixels
 * @param length of the file, in bytes; null in a video
 * @param sha256 of the file, in hexadecimal digits; null in a video
 * @param content the file; null if it lies under its path
 */
@SuppressWarnings("ArrayRecordComponent") // Not copied: a whole file.
public record StoredPicture(
    @Nullable String path,
    int width,
    int height,
    @Nullable Long length,
    @Nullable String sha256,
    byte @Nullable [] content) {
  /** Returns a picture that is a frame of a video. */
  public static StoredPicture inVideo(String path, int width, int height) {
    return new StoredPicture(path, width, height, null, null, null);
  }
}
