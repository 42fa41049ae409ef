package io.tandem.postprocess;

import io.tandem.frame.Picture;

/** Encodes the picture of one frame, and puts it where it belongs. */
@FunctionalInterface
public interface PictureStore {
  /**
   * Returns what the frame's row says of the picture.
   *
   * @throws InvalidResultException if it cannot be encoded or written, with the reason
   */
  StoredPicture put(Picture picture);
}
