package io.tandem.postprocess;

import io.tandem.engine.Outputs;
import io.tandem.model.ModelSpec;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds the outputs of a detector by their roles, and checks their shapes. */
record DetectorOutputs(ModelSpec model) {
  /**
   * Returns the output with a role: the one that {@code output.ROLE} names, otherwise the one whose
   * name is the role.
   *
   * @throws IllegalArgumentException if there is none
   */
  Outputs.Tensor pick(Outputs outputs, String role) {
    Outputs.Tensor tensor = find(outputs, role);
    if (tensor == null) {
      throw new IllegalArgumentException(
          "it returns %s; write which of them is the %s into its serving.properties: output.%s=..."
              .formatted(outputs.described(), role, role));
    }
    return tensor;
  }

  /** Returns the same; null if no line names one and no output has this name. */
  Outputs.@Nullable Tensor find(Outputs outputs, String role) {
    String chosen = model.properties().get("output." + role);
    return chosen == null ? outputs.get(role) : outputs.pick(chosen);
  }

  /**
   * Checks the shape of an output, and returns its dimensions after that of the frames, which the
   * output of one frame may lack.
   *
   * @param what the output, for messages
   * @param dimensions the dimensions: a number, or a word for any number
   * @throws IllegalArgumentException if the shape is another
   */
  static int[] shape(Outputs.Tensor tensor, String what, int frames, String... dimensions) {
    long[] shape = tensor.shape();
    boolean isOneFrame = shape.length == dimensions.length;
    long batch = isOneFrame || shape.length == 0 ? 1 : shape[0];
    long[] rest =
        isOneFrame ? shape : Arrays.copyOfRange(shape, Math.min(1, shape.length), shape.length);
    boolean fits = fits(rest, dimensions);
    if (fits && batch == frames) {
      return Arrays.stream(rest).mapToInt(Math::toIntExact).toArray();
    }
    throw new IllegalArgumentException(
        "%s %s for a batch of %d, not [%d, %s]%s"
            .formatted(
                what,
                Arrays.toString(shape),
                frames,
                frames,
                String.join(", ", dimensions),
                fits ? remedy(isOneFrame, batch) : ""));
  }

  private static String remedy(boolean isOneFrame, long batch) {
    return isOneFrame
        ? "; if it takes one frame at a time, set infer.batch-size=1 and benchmark.batch-sizes=[1]"
        : "; if it takes batches of %d only, write batch=%d into its serving.properties"
            .formatted(batch, batch);
  }

  private static boolean fits(long[] shape, String... dimensions) {
    boolean fits = shape.length == dimensions.length;
    for (int i = 0; fits && i < shape.length; i++) {
      fits = !dimensions[i].matches("\\d+") || Long.parseLong(dimensions[i]) == shape[i];
    }
    return fits;
  }

  /**
   * Checks that outputs have as many boxes as each other.
   *
   * @throws IllegalArgumentException if they have not
   */
  static void requireSame(String first, int boxes, String second, int others) {
    if (boxes != others) {
      throw new IllegalArgumentException(
          "it returns %d %s, but %d %s".formatted(boxes, first, others, second));
    }
  }

  /**
   * Checks the number of classes against the labels.
   *
   * @param remedy what to write if it is not theirs; may be empty
   * @throws IllegalArgumentException if they differ
   */
  void requireLabels(int classes, String remedy) {
    List<String> labels = model.labels();
    if (classes < 1 || (!labels.isEmpty() && labels.size() != classes)) {
      throw new IllegalArgumentException(
          "it returns %d classes%s%s"
              .formatted(
                  classes,
                  labels.isEmpty() ? "" : ", but synset.txt has %d labels".formatted(labels.size()),
                  remedy));
    }
  }
}
