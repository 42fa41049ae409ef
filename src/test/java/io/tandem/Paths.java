package io.tandem;

import java.nio.file.Path;

/** Where tests find their data. */
public final class Paths {
  public static final Path ROOT = Path.of("").toAbsolutePath();
  public static final Path IMAGES = Path.of("src/test/resources/images");
  public static final Path VIDEOS = Path.of("src/test/resources/videos");
  public static final Path SOUND_VIDEOS = Path.of("src/test/resources/sound-videos");
  public static final Path TWINS = Path.of("src/test/resources/twins");
  public static final Path SEQUENCES = Path.of("src/test/resources/sequences");
  public static final Path JPEGS = Path.of("src/test/resources/jpegs");
  public static final Path MODELS = Path.of("src/test/resources/models");

  /** A small network of ten labels, which takes a twentieth of the time of a real one. */
  public static final Path SMALL_MODEL = MODELS.resolve("mobilenet-float");

  /** Returns the negative of a picture in twice its size. */
  public static final Path DOUBLING = MODELS.resolve("doubling");

  public static final Path MODEL_CASES = Path.of("src/test/resources/model-cases");
  public static final Path ONNX_CASES = Path.of("src/test/resources/onnx-cases");
  public static final Path FOREIGN = Path.of("src/test/resources/foreign-models");
  public static final Path MANIFESTS = Path.of("src/test/resources/manifests");
  public static final Path VIDEO = Path.of("data/video/bigbuckbunny.mp4");
  public static final Path GOLDEN = Path.of("src/test/resources/golden");
  public static final Path PHOTOS = Path.of("data/photos");
  public static final Path SMALL = Path.of("data/small");
  public static final Path FRAMES = Path.of("data/frames");
  public static final Path CALIBRATION = Path.of("data/calibration");
  public static final Path EFFICIENTNET = Path.of("data/models/efficientnet-lite0");
  public static final Path SUPERRESOLUTION = Path.of("data/models/realesr-animevideov3-x2");
  public static final Path CENTERFACE = Path.of("data/models/centerface");
  public static final Path EMBEDDING = Path.of("data/models/efficientnet-lite0-embedding");

  private Paths() {}

  /** Returns one of the 100 small frames, by its number from 1 on. */
  public static Path small(int number) {
    return SMALL.resolve("bigbuckbunny-%04d.jpg".formatted(number));
  }
}
