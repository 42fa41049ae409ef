package io.tandem.postprocess;

import io.tandem.engine.Outputs;
import io.tandem.frame.Geometry;
import io.tandem.model.ModelSpec;
import io.tandem.model.OutputProperties;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Classifies frames: converts one output [frames, classes] of logits or probabilities to the most
 * probable labels. Either one label holds for a frame, or with {@code multi-label} any number. One
 * value with two labels is the second's; the first has the rest.
 */
final class Classification implements Postprocessor {
  /** Above the rounding of half precision. */
  private static final float ROUNDING = 1e-3f;

  private static final double SUM_TOLERANCE = 0.02;

  private static final String OTHER_TASK =
      "; write the task of this model into its serving.properties, such as task=tensor for its values as they are";

  private final ModelSpec model;
  private final @Nullable String outputName;
  private final boolean isLogits;
  private final boolean isMultiLabel;

  /**
   * What a probability must exceed; minus infinity if a result has the most probable ones anyway.
   */
  private final double threshold;

  private final int topK;

  /**
   * Creates the postprocessor of a model.
   *
   * @param topK the maximum number of labels of a result
   */
  Classification(ModelSpec model, int topK) {
    this.model = model;
    OutputProperties properties = model.properties();
    this.outputName = properties.get("output.name");
    this.isLogits = properties.requiredOneOf("output", "logits", "probabilities").equals("logits");
    this.isMultiLabel = properties.flag("multi-label", false);
    this.threshold =
        isMultiLabel ? properties.number("threshold", 0.5, 0, 1) : Double.NEGATIVE_INFINITY;
    this.topK = topK;
  }

  @Override
  public Labels apply(Outputs outputs, int slot, Geometry geometry) {
    Outputs.Tensor scores = scores(outputs);
    int classes = checked(scores, outputs.frames());
    float[] values = scores.values();
    int from = slot * classes;
    int[] best = best(values, from, classes, Math.min(topK, classes));
    float largest = values[from + best[0]];
    requireValid(largest, values, from, classes);
    if (isBinary(classes)) {
      return new Labels(binary(largest).subList(0, Math.min(topK, 2)));
    }
    boolean isSoftmax = isLogits && !isMultiLabel && classes > 1;
    float sum = isSoftmax ? sumOfExponentials(values, from, classes, largest) : 1;
    List<Prediction> labels = new ArrayList<>(best.length);
    for (int index : best) {
      float value = values[from + index];
      float probability = isSoftmax ? (float) Math.exp(value - largest) / sum : probability(value);
      if (probability > threshold) {
        labels.add(new Prediction(model.label(index), probability));
      }
    }
    return new Labels(labels);
  }

  /** Returns whether the only value of a model decides between two labels. */
  private boolean isBinary(int classes) {
    return classes == 1 && model.labels().size() == 2 && !isMultiLabel;
  }

  private List<Prediction> binary(float value) {
    float negative = isLogits ? probability(-value) : 1 - value;
    return Stream.of(
            new Prediction(model.label(0), negative),
            new Prediction(model.label(1), probability(value)))
        .sorted(Comparator.comparing(Prediction::probability).reversed())
        .toList();
  }

  /** Returns the probability of a label that does not depend on the others. */
  private float probability(float value) {
    return isLogits ? (float) (1 / (1 + Math.exp(-value))) : value;
  }

  private void requireValid(float largest, float[] values, int from, int classes) {
    if (!Float.isFinite(largest)) {
      throw new InvalidResultException(
          "the model returned %s for this frame".formatted(Float.isNaN(largest) ? "NaN" : largest));
    }
    if (!isLogits) {
      requireProbabilities(values, from, classes);
    }
  }

  private static void requireProbabilities(float[] values, int from, int classes) {
    for (int i = from; i < from + classes; i++) {
      if (values[i] < -ROUNDING || values[i] > 1 + ROUNDING) {
        throw new InvalidResultException(
            String.format(
                Locale.ROOT,
                "the model returned %.4g as a probability; if it returns logits, write output=logits into its serving.properties",
                values[i]));
      }
    }
  }

  @Override
  public @Nullable String doubt(Outputs outputs, int slot) {
    Outputs.Tensor scores = scores(outputs);
    int classes = checked(scores, outputs.frames());
    if (isLogits) {
      return null;
    }
    requireProbabilities(scores.values(), slot * classes, classes);
    double sum = 0;
    for (int i = slot * classes; i < (slot + 1) * classes; i++) {
      sum += scores.values()[i];
    }
    return classes == 1 || isMultiLabel || Double.isNaN(sum) || Math.abs(sum - 1) <= SUM_TOLERANCE
        ? null
        : String.format(
            Locale.ROOT,
            "the probabilities of a frame sum to %.3f, not 1; if the model returns logits, write output=logits into its serving.properties, and if several labels may hold for a frame, multi-label=true",
            sum);
  }

  /** Returns the denominator of the softmax, in float32 as PyTorch computes it. */
  private static float sumOfExponentials(float[] values, int from, int classes, float largest) {
    float sum = 0;
    for (int i = from; i < from + classes; i++) {
      sum += (float) Math.exp(values[i] - largest);
    }
    return sum;
  }

  /**
   * Returns the output with a value for each class.
   *
   * @throws IllegalArgumentException if it cannot be told, or if several outputs are none
   */
  private Outputs.Tensor scores(Outputs outputs) {
    if (outputName == null
        && outputs.names().size() > 1
        && outputs.names().stream().noneMatch(name -> outputs.pick(name).shape().length == 2)) {
      throw new IllegalArgumentException(
          "it returns %s for a batch of %d, and none of these is [%d, classes]%s"
              .formatted(outputs.described(), outputs.frames(), outputs.frames(), OTHER_TASK));
    }
    return outputs.pick(outputName);
  }

  /**
   * Returns the number of classes.
   *
   * @throws IllegalArgumentException if the shape of the output is invalid
   */
  private int checked(Outputs.Tensor scores, int frames) {
    long[] shape = scores.shape();
    if (shape.length != 2 || shape[0] != frames) {
      throw new IllegalArgumentException(
          "it returns %s for a batch of %d, not [%d, classes]%s"
              .formatted(
                  Arrays.toString(shape),
                  frames,
                  frames,
                  shape.length == 2 ? scores.batchRemedy(frames) : OTHER_TASK));
    }
    int classes = Math.toIntExact(shape[1]);
    if (!model.labels().isEmpty() && model.labels().size() != classes && !isBinary(classes)) {
      throw new IllegalArgumentException(
          "it returns %d classes, but synset.txt has %d labels"
              .formatted(classes, model.labels().size()));
    }
    return classes;
  }

  /** Returns the {@code k} classes with the largest values, largest first; k is small. */
  private static int[] best(float[] values, int from, int classes, int k) {
    int[] best = new int[k];
    int found = 0;
    for (int i = 0; i < classes; i++) {
      float value = values[from + i];
      if (found == k && !isAbove(value, values[from + best[k - 1]])) {
        continue;
      }
      int at = found < k ? found++ : k - 1;
      while (at > 0 && isAbove(value, values[from + best[at - 1]])) {
        best[at] = best[at - 1];
        at--;
      }
      best[at] = i;
    }
    return best;
  }

  /** Returns whether a value is larger; NaN is the largest, as in PyTorch's topk. */
  private static boolean isAbove(float value, float other) {
    return Float.compare(value, other) > 0;
  }
}
