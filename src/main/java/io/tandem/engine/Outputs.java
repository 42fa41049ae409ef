package io.tandem.engine;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The outputs of a model for one batch: tensors by name. */
public final class Outputs {
  /** The outputs of a batch without frames. */
  public static final Outputs NONE = new Outputs(0, Map.of());

  private final int frames;
  private final Map<String, Tensor> tensors;

  /**
   * Creates the outputs of a batch.
   *
   * @param frames the number of frames of the batch
   * @param tensors the tensors by name, in the order of the model
   */
  public Outputs(int frames, Map<String, Tensor> tensors) {
    this.frames = frames;
    this.tensors = tensors;
  }

  /** Returns the number of frames of the batch, including unused slots. */
  public int frames() {
    return frames;
  }

  /** Returns the tensor of this name; null if the model has none. */
  public @Nullable Tensor get(String name) {
    return tensors.get(name);
  }

  /**
   * Returns the only tensor.
   *
   * @throws IllegalArgumentException unless the model has one output
   */
  public Tensor only() {
    if (tensors.size() != 1) {
      throw new IllegalArgumentException(
          "it has %d outputs, not one: %s".formatted(tensors.size(), tensors.keySet()));
    }
    return tensors.values().iterator().next();
  }

  /**
   * A tensor of float32 values.
   *
   * @param values the values in row-major order; not copied
   * @param shape the shape, for example [frames, classes]
   */
  @SuppressWarnings("ArrayRecordComponent") // Copying the values of each batch would be slow.
  public record Tensor(float[] values, long... shape) {}
}
