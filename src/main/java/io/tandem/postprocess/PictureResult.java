package io.tandem.postprocess;

import io.tandem.frame.Picture;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A picture that a model returned.
 *
 * @param width in pixels
 * @param height in pixels
 * @param stored where it lies; null if it is in memory only
 * @param pixels returns the picture
 */
record PictureResult(
    int width, int height, @Nullable StoredPicture stored, Supplier<Picture> pixels)
    implements Result {
  /** Returns the result of a picture in memory. */
  static PictureResult of(Picture picture) {
    return new PictureResult(picture.width(), picture.height(), null, () -> picture);
  }

  /** {@inheritDoc} The stored one does not hold the pixels. */
  @Override
  public PictureResult stored(PictureStore store) {
    return new PictureResult(
        width,
        height,
        store.put(pixels.get()),
        () -> {
          throw new IllegalStateException("a stored picture is read from its run");
        });
  }

  @Override
  public void write(ResultWriter into) {
    into.set(ImageTask.WIDTH, width);
    into.set(ImageTask.HEIGHT, height);
    if (stored != null) {
      if (stored.length() != null) {
        into.set(ImageTask.LENGTH, stored.length());
      }
      if (stored.sha256() != null) {
        into.set(ImageTask.SHA256, stored.sha256());
      }
      if (stored.path() != null) {
        into.set(ImageTask.PATH, stored.path());
      }
      if (stored.content() != null) {
        into.set(ImageTask.IMAGE, stored.content());
      }
    }
  }

  @Override
  public Marks marks() {
    return new Marks(describe(), List.of(), pixels.get());
  }

  @Override
  public String describe() {
    return "%d x %d pixels%s"
        .formatted(
            width, height, stored == null || stored.path() == null ? "" : ", " + stored.path());
  }
}
