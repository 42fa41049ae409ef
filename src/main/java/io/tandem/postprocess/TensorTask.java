package io.tandem.postprocess;

import io.tandem.engine.Outputs;
import io.tandem.model.ModelSpec;
import io.tandem.model.OutputProperties;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Tensor: a frame's part of the model's outputs, as they are, NaN included. Two results agree up to
 * a relative error of {@value #SAME_ERROR}, which float32 keeps and lower precisions may not.
 */
final class TensorTask implements TaskType {
  private static final int TENSORS = 0;

  private static final double SAME_ERROR = 1e-3;

  private static final List<ResultColumn> COLUMNS =
      List.of(
          ResultColumn.rows(
              "tensors",
              ResultColumn.of("name", ResultColumn.Kind.TEXT),
              ResultColumn.of("shape", ResultColumn.Kind.INTS),
              ResultColumn.of("values", ResultColumn.Kind.FLOATS)));

  /**
   * A frame's part of an output.
   *
   * @param name of the output
   * @param shape without the dimension of the frames
   * @param values in row-major order
   */
  @SuppressWarnings("ArrayRecordComponent") // Not copied: they may be many.
  private record Part(String name, int[] shape, float[] values) {
    boolean isLike(Part other) {
      return name.equals(other.name) && Arrays.equals(shape, other.shape);
    }

    /**
     * Returns the largest difference to the values of another part, by its largest absolute one.
     * Infinite if a value is finite in one of the two only, or if the other has only zeros.
     */
    double relativeError(Part other) {
      double largest = 0;
      double most = 0;
      for (int i = 0; i < values.length; i++) {
        float base = other.values[i];
        if (values[i] != base && !(Float.isNaN(values[i]) && Float.isNaN(base))) {
          double difference = Math.abs((double) values[i] - base);
          most = Math.max(most, Double.isNaN(difference) ? Double.POSITIVE_INFINITY : difference);
        }
        largest = Math.max(largest, Float.isFinite(base) ? Math.abs(base) : 0);
      }
      return most == 0 ? 0 : most / largest;
    }
  }

  private record Parts(List<Part> parts) implements Result {
    @Override
    public void write(ResultWriter into) {
      into.set(
          TENSORS,
          parts.stream().map(p -> List.<Object>of(p.name(), p.shape(), p.values())).toList());
    }

    @Override
    public String describe() {
      return parts.stream()
          .map(part -> part.name() + " " + Arrays.toString(part.shape()))
          .collect(Collectors.joining(", "));
    }
  }

  @Override
  public String name() {
    return "tensor";
  }

  @Override
  public Recording recording() {
    return Recording.SAMPLE;
  }

  @Override
  public Postprocessor postprocessor(ModelSpec model, int topK) {
    List<String> chosen = chosen(model.properties());
    return (outputs, slot, geometry) -> parts(outputs, slot, chosen);
  }

  /** Returns the names or indices of the chosen outputs; empty for all. */
  private static List<String> chosen(OutputProperties properties) {
    List<String> several = properties.list("output.names");
    if (!several.isEmpty()) {
      return several;
    }
    String one = properties.get("output.name");
    return one == null ? List.of() : List.of(one);
  }

  private static Result parts(Outputs outputs, int slot, List<String> chosen) {
    List<Part> parts = new ArrayList<>();
    for (String name : chosen.isEmpty() ? outputs.names() : chosen) {
      Outputs.Tensor tensor = outputs.pick(name);
      if (tensor.shape().length > 0 && tensor.shape()[0] == outputs.frames()) {
        parts.add(part(name, tensor, slot, outputs.frames()));
      } else if (!chosen.isEmpty()) {
        throw new IllegalArgumentException(
            "its output %s is %s for a batch of %d, and has no part for each frame; choose others by output.names in its serving.properties"
                .formatted(name, Arrays.toString(tensor.shape()), outputs.frames()));
      }
    }
    if (parts.isEmpty()) {
      throw new IllegalArgumentException(
          "it returns %s for a batch of %d, and with task=tensor the first dimension of an output is that of the frames%s"
              .formatted(
                  outputs.described(),
                  outputs.frames(),
                  outputs.names().stream()
                      .map(name -> outputs.pick(name).batchRemedy(outputs.frames()))
                      .findFirst()
                      .orElse("")));
    }
    return new Parts(parts);
  }

  private static Part part(String name, Outputs.Tensor tensor, int slot, int frames) {
    int size = tensor.values().length / frames;
    int[] shape = Arrays.stream(tensor.shape()).skip(1).mapToInt(Math::toIntExact).toArray();
    return new Part(
        name, shape, Arrays.copyOfRange(tensor.values(), slot * size, (slot + 1) * size));
  }

  @Override
  public List<ResultColumn> columns() {
    return COLUMNS;
  }

  @Override
  public Result read(ResultReader row) {
    return new Parts(
        row.rows(TENSORS).stream()
            .map(part -> new Part((String) part.get(0), (int[]) part.get(1), (float[]) part.get(2)))
            .toList());
  }

  /** Compares by the largest relative error of a tensor; other names or shapes never agree. */
  @Override
  public ResultAgreement agreement(Result result, Result baseline, double tie) {
    List<Part> own = ((Parts) result).parts();
    List<Part> base = ((Parts) baseline).parts();
    boolean alike = own.size() == base.size();
    double most = 0;
    for (int i = 0; alike && i < own.size(); i++) {
      alike = own.get(i).isLike(base.get(i));
      most = alike ? Math.max(most, own.get(i).relativeError(base.get(i))) : most;
    }
    return alike && Double.isFinite(most)
        ? new ResultAgreement(most <= SAME_ERROR, most)
        : new ResultAgreement(false, null);
  }
}
