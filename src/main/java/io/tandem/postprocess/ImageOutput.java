package io.tandem.postprocess;

import io.tandem.engine.Outputs;
import io.tandem.frame.Geometry;
import io.tandem.frame.Picture;
import io.tandem.model.OutputProperties;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Converts an output [frames, channels, height, width] or [frames, height, width, channels] to
 * pictures; one channel is grey.
 */
final class ImageOutput implements Postprocessor {
  /** What a network may exceed its range by, in shares of it; more is another range. */
  private static final float OVERSHOOT = 1.5f;

  private final @Nullable String name;
  private final boolean isInterleaved;
  private final boolean isUnit;
  private final boolean isBgr;

  /** Creates the postprocessor of a model with these properties. */
  ImageOutput(OutputProperties properties) {
    name = properties.get("output.name");
    isInterleaved = properties.oneOf("output.layout", "nchw", "nchw", "nhwc").equals("nhwc");
    isUnit = properties.requiredOneOf("output.range", "0..1", "0..255", "uint8").equals("0..1");
    isBgr = properties.oneOf("output.channels", "rgb", "rgb", "bgr", "grey").equals("bgr");
  }

  /** The place of the values of one frame. */
  private record Slot(Outputs.Tensor tensor, int from, int channels, int height, int width) {
    float[] values() {
      return tensor.values();
    }

    int size() {
      return channels * height * width;
    }
  }

  @Override
  public Result apply(Outputs outputs, int slot, Geometry geometry) {
    Slot in = slot(outputs, slot);
    float scale = isUnit ? 255 : 1;
    byte[] rgb = new byte[3 * in.height() * in.width()];
    for (int channel = 0; channel < 3; channel++) {
      int of = in.channels() == 1 ? 0 : isBgr ? 2 - channel : channel;
      if (isInterleaved) {
        copy(in.values(), in.from() + of, in.channels(), scale, rgb, channel);
      } else {
        copy(in.values(), in.from() + of * in.height() * in.width(), 1, scale, rgb, channel);
      }
    }
    return PictureResult.of(new Picture(in.width(), in.height(), rgb));
  }

  /** Copies one channel, rounded to the nearest byte. */
  private static void copy(
      float[] values, int from, int step, float scale, byte[] rgb, int channel) {
    int at = from;
    for (int to = channel; to < rgb.length; to += 3) {
      float value = values[at] * scale;
      if (!(value >= 0)) {
        requireNumber(value);
        value = 0;
      }
      rgb[to] = (byte) (value >= 255 ? bounded(value) : (int) (value + 0.5f));
      at += step;
    }
  }

  private static int bounded(float value) {
    requireNumber(value);
    return 255;
  }

  private static void requireNumber(float value) {
    if (!Float.isFinite(value)) {
      throw new InvalidResultException(
          "the model returned %s in this frame's picture"
              .formatted(Float.isNaN(value) ? "NaN" : value));
    }
  }

  /** {@inheritDoc} A range other than the properties' is refused, not doubted. */
  @Override
  public @Nullable String doubt(Outputs outputs, int slot) {
    Slot in = slot(outputs, slot);
    float largest = 0;
    for (int i = in.from(); i < in.from() + in.size(); i++) {
      largest = Math.max(largest, in.values()[i]);
    }
    if (isUnit && largest > 1 + OVERSHOOT) {
      throw new InvalidResultException(
          "the model returned a picture with values of up to %.0f; write output.range=0..255 into its serving.properties"
              .formatted(largest));
    }
    return !isUnit && largest > 0 && largest <= 1 + OVERSHOOT
        ? "no value of a picture is above %.1f: if the model returns 0 to 1, write output.range=0..1 into its serving.properties"
            .formatted(largest)
        : null;
  }

  /**
   * Returns the place of a frame's values.
   *
   * @throws IllegalArgumentException if the output is no picture
   */
  private Slot slot(Outputs outputs, int slot) {
    Outputs.Tensor tensor = outputs.pick(name);
    long[] shape = tensor.shape();
    if (shape.length != 4 || shape[0] != outputs.frames()) {
      throw new IllegalArgumentException(
          "it returns %s for a batch of %d, and a model with task=image returns pictures, [%d, 3, height, width] or [%d, height, width, 3]%s"
              .formatted(
                  Arrays.toString(shape),
                  outputs.frames(),
                  outputs.frames(),
                  outputs.frames(),
                  shape.length == 4
                      ? tensor.batchRemedy(outputs.frames())
                      : "; write the task of this model into its serving.properties"));
    }
    int channels = (int) shape[isInterleaved ? 3 : 1];
    if (channels != 1 && channels != 3) {
      boolean other = shape[isInterleaved ? 1 : 3] == 3 || shape[isInterleaved ? 1 : 3] == 1;
      throw new IllegalArgumentException(
          "it returns %s, with %d channels, and a picture has 3, or 1 if it is grey%s"
              .formatted(
                  Arrays.toString(shape),
                  channels,
                  other
                      ? "; write output.layout=%s into its serving.properties"
                          .formatted(isInterleaved ? "nchw" : "nhwc")
                      : ""));
    }
    int height = (int) shape[isInterleaved ? 1 : 2];
    int width = (int) shape[isInterleaved ? 2 : 3];
    return new Slot(tensor, slot * channels * height * width, channels, height, width);
  }
}
