package io.tandem.postprocess;

import io.tandem.frame.FrameException;
import io.tandem.frame.Picture;
import io.tandem.frame.PictureReader;
import io.tandem.model.ModelSpec;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Image to image: a model returns a picture, such as the frame in a higher resolution. Pictures of
 * two trials agree from a peak signal-to-noise ratio of {@value #SAME_DB} dB on.
 */
final class ImageTask implements TaskType {
  static final int PATH = 0;
  static final int WIDTH = 1;
  static final int HEIGHT = 2;
  static final int LENGTH = 3;
  static final int SHA256 = 4;
  static final int IMAGE = 5;

  /** A root mean square difference of 1 % of white: not seen side by side. */
  private static final double SAME_DB = 40;

  private static final List<ResultColumn> COLUMNS =
      List.of(
          ResultColumn.of("image_path", ResultColumn.Kind.TEXT),
          ResultColumn.of("image_width", ResultColumn.Kind.INT),
          ResultColumn.of("image_height", ResultColumn.Kind.INT),
          ResultColumn.of("image_length", ResultColumn.Kind.LONG),
          ResultColumn.of("image_sha256", ResultColumn.Kind.TEXT),
          ResultColumn.of("image", ResultColumn.Kind.BYTES));

  @Override
  public String name() {
    return "image";
  }

  @Override
  public Recording recording() {
    return Recording.SAMPLE;
  }

  @Override
  public Postprocessor postprocessor(ModelSpec model, int topK) {
    return new ImageOutput(model.properties());
  }

  @Override
  public List<ResultColumn> columns() {
    return COLUMNS;
  }

  @Override
  public Result read(ResultReader row) {
    String path = (String) row.get(PATH);
    byte @Nullable [] content = (byte[]) row.get(IMAGE);
    int width = (Integer) Objects.requireNonNull(row.get(WIDTH));
    int height = (Integer) Objects.requireNonNull(row.get(HEIGHT));
    Long length = (Long) row.get(LENGTH);
    String sha256 = (String) row.get(SHA256);
    StoredPicture stored =
        path == null && (length == null || sha256 == null)
            ? null
            : new StoredPicture(path, width, height, length, sha256, content);
    return new PictureResult(
        width,
        height,
        stored,
        () -> decoded(content != null ? content : row.file(Objects.requireNonNull(path))));
  }

  private static Picture decoded(byte[] file) {
    try {
      return PictureReader.read(file);
    } catch (FrameException e) {
      throw new IllegalStateException("a picture of the run is damaged: " + e.getMessage(), e);
    }
  }

  /**
   * Compares two pictures by their peak signal-to-noise ratio; the difference is the root mean
   * square one, as a share of white.
   */
  @Override
  public ResultAgreement agreement(Result result, Result baseline, double tie) {
    PictureResult own = (PictureResult) result;
    PictureResult base = (PictureResult) baseline;
    if (own.width() != base.width() || own.height() != base.height()) {
      return new ResultAgreement(false, 1.0);
    }
    Picture pixels = own.pixels().get();
    Picture others = base.pixels().get();
    return new ResultAgreement(
        pixels.psnr(others) >= SAME_DB, pixels.rootMeanSquareDifference(others));
  }
}
