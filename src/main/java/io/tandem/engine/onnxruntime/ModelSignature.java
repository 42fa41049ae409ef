package io.tandem.engine.onnxruntime;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.TensorInfo;
import io.tandem.frame.Channels;
import io.tandem.frame.PixelLayout;
import io.tandem.model.InputContract;
import io.tandem.model.ModelSpec;
import io.tandem.model.PredictionException;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a session takes and returns. Compared with the model's contract before the first prediction,
 * because ONNX Runtime's own message comes late, and names no setting.
 */
record ModelSignature(Map<String, NodeInfo> inputs, Map<String, NodeInfo> outputs) {
  private static final Set<OnnxJavaType> OUTPUTS =
      EnumSet.of(
          OnnxJavaType.FLOAT,
          OnnxJavaType.FLOAT16,
          OnnxJavaType.BFLOAT16,
          OnnxJavaType.DOUBLE,
          OnnxJavaType.INT64,
          OnnxJavaType.INT32,
          OnnxJavaType.INT8,
          OnnxJavaType.UINT8,
          OnnxJavaType.BOOL);

  ModelSignature {
    inputs = Collections.unmodifiableMap(new LinkedHashMap<>(inputs));
    outputs = Collections.unmodifiableMap(new LinkedHashMap<>(outputs));
  }

  /** Returns the element type of the input. */
  OnnxJavaType inputType() {
    return inputs.values().iterator().next().getInfo() instanceof TensorInfo tensor
        ? tensor.type
        : OnnxJavaType.UNKNOWN;
  }

  /**
   * Requires that it takes the batches of a model's contract.
   *
   * @throws PredictionException if it does not; the message says what to set
   */
  void require(ModelSpec spec, int batchSize) {
    String mismatch = mismatch(spec, batchSize);
    if (mismatch != null) {
      throw new PredictionException(
          "%s in %s cannot be used: %s".formatted(spec.file(), spec.folder(), mismatch), null);
    }
  }

  private @Nullable String mismatch(ModelSpec spec, int batchSize) {
    for (NodeInfo output : outputs.values()) {
      if (!(output.getInfo() instanceof TensorInfo tensor && OUTPUTS.contains(tensor.type))) {
        return "its output %s is %s; export a model that returns a tensor of numbers, such as float32"
            .formatted(output.getName(), described(output));
      }
    }
    if (inputs.size() != 1) {
      return "it has %d inputs, not one: %s; export a model that takes only the pictures"
          .formatted(
              inputs.size(), inputs.keySet().stream().sorted().collect(Collectors.joining(", ")));
    }
    NodeInfo input = inputs.values().iterator().next();
    InputContract fitting = contract(input, spec.takes().channels().count());
    int others = spec.takes().channels() == Channels.GREY ? 3 : 1;
    if (!takes(input, spec.input(), spec.takes().channels().count())
        && takes(input, spec.input(), others)) {
      return "its input %s is %s, and not of %s; write channels=%s into its serving.properties"
          .formatted(
              input.getName(),
              described(input),
              others == 1 ? "3 channels" : "one channel",
              others == 1 ? "grey" : "rgb");
    }
    if (fitting == null) {
      return "its input %s is %s; pictures are uint8, float32 or float16, [n, height, width, channels] or [n, channels, height, width]"
          .formatted(input.getName(), described(input));
    }
    long[] shape = ((TensorInfo) input.getInfo()).getShape();
    if (!takes(input, spec.input(), spec.takes().channels().count())) {
      return "its input %s is %s, and not %s; write input=%s into its serving.properties, or set model.input"
          .formatted(input.getName(), described(input), spec.input().key(), fitting.key());
    }
    boolean planes = spec.input().layout() == PixelLayout.PLANES;
    return size(input, shape[0], shape[planes ? 2 : 1], shape[planes ? 3 : 2], spec, batchSize);
  }

  /** Compares the sizes that are fixed, and not -1. */
  private static @Nullable String size(
      NodeInfo input, long frames, long height, long width, ModelSpec spec, int batchSize) {
    if (!fits(frames, batchSize)) {
      return "it was exported for batches of %1$d frames, and not %2$d; write batch=%1$d into its serving.properties, or export it with a dynamic batch size"
          .formatted(frames, batchSize);
    }
    if (!fits(height, spec.height()) || !fits(width, spec.width())) {
      long w = width < 0 ? spec.width() : width;
      long h = height < 0 ? spec.height() : height;
      return "its input %s is %s, and not %d x %d pixels; write width=%d and height=%d into its serving.properties, or set model.width and model.height"
          .formatted(input.getName(), described(input), spec.width(), spec.height(), w, h);
    }
    return null;
  }

  private static boolean fits(long fixed, int size) {
    return fixed < 0 || fixed == size;
  }

  /** Returns the contract that an input could have; null if none. */
  private static @Nullable InputContract contract(NodeInfo input, int channels) {
    return InputContract.all().stream()
        .filter(contract -> takes(input, contract, channels))
        .findFirst()
        .orElse(null);
  }

  private static boolean takes(NodeInfo input, InputContract contract, int channels) {
    if (!(input.getInfo() instanceof TensorInfo tensor) || tensor.getShape().length != 4) {
      return false;
    }
    boolean isType =
        switch (contract.type()) {
          case UINT8 -> tensor.type == OnnxJavaType.UINT8;
          case FLOAT -> tensor.type == OnnxJavaType.FLOAT || tensor.type == OnnxJavaType.FLOAT16;
          case FLOAT16 -> tensor.type == OnnxJavaType.FLOAT16;
          case BFLOAT16 -> false; // DJL makes no such arrays for ONNX Runtime.
        };
    return isType
        && fits(tensor.getShape()[contract.layout() == PixelLayout.PLANES ? 1 : 3], channels);
  }

  /** Returns the names, types and shapes of inputs and outputs, in the order of the file. */
  List<String> described() {
    return List.of("takes " + described(inputs), "returns " + described(outputs));
  }

  private static String described(Map<String, NodeInfo> nodes) {
    return nodes.values().stream()
        .map(node -> node.getName() + " " + described(node))
        .collect(Collectors.joining(", "));
  }

  /** Returns the type and shape, such as "float32 [n, 3, 224, 224]". */
  private static String described(NodeInfo node) {
    if (!(node.getInfo() instanceof TensorInfo tensor)) {
      return "no tensor";
    }
    String type =
        switch (tensor.type) {
          case FLOAT -> "float32";
          case DOUBLE -> "float64";
          case UNKNOWN -> "of another type";
          default -> tensor.type.name().toLowerCase(Locale.ROOT);
        };
    String[] names = tensor.getDimensionNames();
    long[] shape = tensor.getShape();
    StringBuilder sizes = new StringBuilder();
    for (int i = 0; i < shape.length; i++) {
      String name = names[i].isEmpty() ? "?" : names[i];
      sizes.append(i == 0 ? "" : ", ").append(shape[i] < 0 ? name : Long.toString(shape[i]));
    }
    return "%s [%s]".formatted(type, sizes);
  }
}
