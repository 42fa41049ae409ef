package io.tandem.engine;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
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
   * Returns the tensor with a name, or at an index from 0; the only one if none is asked for.
   *
   * @param chosen a name or an index; null if the model has one output
   * @throws IllegalArgumentException if there is no such output, or several and none is chosen
   */
  public Tensor pick(@Nullable String chosen) {
    List<String> names = List.copyOf(tensors.keySet());
    if (chosen == null && names.size() == 1) {
      return Objects.requireNonNull(tensors.get(names.get(0)));
    }
    String name = chosen;
    if (chosen != null && !tensors.containsKey(chosen) && chosen.matches("\\d{1,4}")) {
      int index = Integer.parseInt(chosen);
      name = index < names.size() ? names.get(index) : null;
    }
    Tensor tensor = name == null ? null : tensors.get(name);
    if (tensor != null) {
      return tensor;
    }
    throw new IllegalArgumentException(
        chosen == null
            ? "it returns %d outputs: %s; choose one by output.name=... in its serving.properties, or by model.properties.output.name"
                .formatted(names.size(), described())
            : "it has no output %s; it returns %s".formatted(chosen, described()));
  }

  /** Returns the names and shapes of the tensors, such as "logits [4, 1000]". */
  public String described() {
    return tensors.entrySet().stream()
        .map(entry -> entry.getKey() + " " + Arrays.toString(entry.getValue().shape()))
        .collect(Collectors.joining(", "));
  }

  /** Returns the names of the tensors, in the order of the model. */
  public Set<String> names() {
    return tensors.keySet();
  }

  /**
   * Returns the largest difference between the outputs of two frames, relative to the largest value
   * of both, so at most 2. Infinite if only one of two values is finite; 0 for a tensor whose first
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
    /**
     * Returns the line to write if the first dimension shows that a file takes batches of one size
     * only, as a clause; empty if it shows none.
     *
     * @param frames the size of the batch
     */
    public String batchRemedy(int frames) {
      return shape.length > 1 && shape[0] > 0 && shape[0] < frames
          ? "; if it takes batches of %1$d only, write batch=%1$d into its serving.properties"
              .formatted(shape[0])
          : "";
    }

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
        largest = Math.max(largest, Float.isFinite(b) ? Math.abs(b) : 0);
      }
      return most == 0 ? 0 : most / Math.max(largest, Float.MIN_NORMAL);
    }
  }
}
