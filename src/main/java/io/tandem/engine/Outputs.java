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
          "it returns %d outputs, not one: %s; export a model that returns only the one to use"
              .formatted(tensors.size(), String.join(", ", tensors.keySet())));
    }
    return tensors.values().iterator().next();
  }

  /**
   * Returns the largest difference between the outputs of two frames, relative to the largest value
   * of their tensor. Infinite if only one of two values is finite; 0 for a tensor whose first
   * dimension is not that of the frames.
   *
   * @param slot the position of the frame in this batch
   * @param other outputs of the same model for a batch of the same size
   * @param otherSlot the position of the frame in the other batch
   */
  public double difference(int slot, Outputs other, int otherSlot) {
    double most = 0;
    for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
      Tensor own = entry.getValue();
      Tensor its = other.get(entry.getKey());
      if (its != null && own.shape.length > 0 && own.shape[0] == frames) {
        most = Math.max(most, own.difference(slot, its, otherSlot, own.values.length / frames));
      }
    }
    return most;
  }

  /**
   * A tensor of float32 values.
   *
   * @param values the values in row-major order; not copied
   * @param shape the shape, for example [frames, classes]
   */
  @SuppressWarnings("ArrayRecordComponent") // Copying the values of each batch would be slow.
  public record Tensor(float[] values, long... shape) {
    private double difference(int slot, Tensor other, int otherSlot, int size) {
      double most = 0;
      double largest = 0;
      for (int i = 0; i < size; i++) {
        float a = values[slot * size + i];
        float b = other.values[otherSlot * size + i];
        if (Float.compare(a, b) != 0) {
          most =
              Math.max(
                  most,
                  Float.isFinite(a) && Float.isFinite(b)
                      ? Math.abs(a - b)
                      : Double.POSITIVE_INFINITY);
        }
        largest = Math.max(largest, Float.isFinite(a) ? Math.abs(a) : 0);
      }
      return most == 0 ? 0 : most / Math.max(largest, Float.MIN_NORMAL);
    }
  }
}
