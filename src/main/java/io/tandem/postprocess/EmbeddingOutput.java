package io.tandem.postprocess;

import io.tandem.engine.Outputs;
import io.tandem.frame.Geometry;
import io.tandem.model.OutputProperties;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Converts an output [frames, numbers] or [frames, numbers, 1, 1] to embeddings. */
final class EmbeddingOutput implements Postprocessor {
  private final @Nullable String name;
  private final boolean isNormalised;

  /** Creates the postprocessor of a model with these properties. */
  EmbeddingOutput(OutputProperties properties) {
    name = properties.get("output.name");
    isNormalised = properties.oneOf("normalise", "none", "l2", "none").equals("l2");
  }

  @Override
  public Embedding apply(Outputs outputs, int slot, Geometry geometry) {
    Outputs.Tensor tensor = outputs.pick(name);
    int size = checked(tensor, outputs.frames());
    float[] values = Arrays.copyOfRange(tensor.values(), slot * size, (slot + 1) * size);
    for (float value : values) {
      if (!Float.isFinite(value)) {
        throw new InvalidResultException(
            "the model returned %s in this frame's embedding"
                .formatted(Float.isNaN(value) ? "NaN" : value));
      }
    }
    double length = new Embedding(values).length();
    if (length == 0) {
      throw new InvalidResultException(
          "the model returned only zeros as this frame's embedding, which has no direction");
    }
    if (isNormalised) {
      for (int i = 0; i < size; i++) {
        values[i] = (float) (values[i] / length);
      }
    }
    return new Embedding(values);
  }

  /**
   * Returns the numbers of an embedding.
   *
   * @throws IllegalArgumentException if the output has another shape
   */
  private static int checked(Outputs.Tensor tensor, int frames) {
    long[] shape = tensor.shape();
    if (!fits(shape) || shape[0] != frames) {
      throw new IllegalArgumentException(
          "it returns %s for a batch of %d, and a model with task=embedding returns [%d, numbers] or [%d, numbers, 1, 1]%s"
              .formatted(
                  Arrays.toString(shape),
                  frames,
                  frames,
                  frames,
                  shape.length == 4 && shape[0] == frames
                      ? "; average over height and width before its export, or write another task into its serving.properties"
                      : fits(shape)
                          ? tensor.batchRemedy(frames)
                          : "; write the task of this model into its serving.properties"));
    }
    return Math.toIntExact(shape[1]);
  }

  private static boolean fits(long[] shape) {
    return (shape.length == 2 || (shape.length == 4 && shape[2] == 1 && shape[3] == 1))
        && shape[1] > 0;
  }
}
