package io.tandem.engine;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The outputs of a model for one batch: tensors by their names. */
public final class Outputs {
  /** Outputs of a batch without frames. */
  public static final Outputs NONE = new Outputs(0, Map.of());

  private final int frames;
  private final Map<String, Tensor> tensors;

  /** Creates the outputs of a batch of so many frames; they keep the order of the map. */
  public Outputs(int frames, Map<String, Tensor> tensors) {
    this.frames = frames;
    this.tensors = tensors;
  }

  /** Returns the number of frames of the batch, with the places that no frame was in. */
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
   * Values of float32, in row-major order; used as they are, not copied.
   *
   * @param shape such as [frames, classes]
   */
  @SuppressWarnings("ArrayRecordComponent") // A copy of each batch's values would cost time.
  public record Tensor(float[] values, long... shape) {}
}
