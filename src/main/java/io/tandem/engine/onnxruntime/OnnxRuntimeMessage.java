package io.tandem.engine.onnxruntime;

import io.tandem.model.ForeignFile;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Says in one sentence what a message of ONNX Runtime or DJL means, and what to do. */
final class OnnxRuntimeMessage {
  private static final Pattern OPERATOR =
      Pattern.compile(
          "(\\S+?)\\(-?\\d+\\) is not a registered function/op|No Op registered for (\\S+)");
  private static final Pattern NOT_IMPLEMENTED =
      Pattern.compile("Could not find an implementation for (\\S+?)\\(\\d+\\)");
  private static final Pattern OPSET =
      Pattern.compile("Current official support for domain (\\S+) is till opset (\\d+)");
  private static final Pattern IR_VERSION =
      Pattern.compile("Unsupported model IR version: (\\d+), max supported IR version: (\\d+)");

  private OnnxRuntimeMessage() {}

  /**
   * Returns the reason why a file cannot be loaded.
   *
   * @param file the file
   */
  static String ofLoading(Throwable e, Path file) {
    String message = rootOf(e);
    Matcher operator = OPERATOR.matcher(message);
    if (operator.find()) {
      return "ONNX Runtime %s has no operator %s; export the model without it"
          .formatted(
              OnnxRuntimeLibrary.VERSION,
              operator.group(1) == null ? operator.group(2) : operator.group(1));
    }
    Matcher implementation = NOT_IMPLEMENTED.matcher(message);
    if (implementation.find()) {
      return "ONNX Runtime %s has no implementation of %s for these types on this device; export the model in another precision"
          .formatted(OnnxRuntimeLibrary.VERSION, implementation.group(1));
    }
    Matcher version = IR_VERSION.matcher(message);
    if (version.find()) {
      return "it has IR version %s, and ONNX Runtime %s reads up to %s; export it with an older version of onnx"
          .formatted(version.group(1), OnnxRuntimeLibrary.VERSION, version.group(2));
    }
    Matcher opset = OPSET.matcher(message);
    if (opset.find()) {
      return "ONNX Runtime %s has opsets up to %s of %s; export the model with opset_version=%s or older"
          .formatted(OnnxRuntimeLibrary.VERSION, opset.group(2), opset.group(1), opset.group(2));
    }
    if (file.toFile().length() == 0) {
      return "it is empty";
    }
    ForeignFile foreign = ForeignFile.of(file, OnnxRuntimeProvider.NAME);
    if (foreign != null) {
      return "it is "
          + foreign.title()
          + (foreign.isModel() ? "; export the model by torch.onnx.export" : "");
    }
    if (message.contains("GetExtDataFromTensorProto")) {
      return "a file with its tensors is too short";
    }
    if (message.contains("Protobuf parsing failed") || message.contains("does not have a graph")) {
      return "it is no ONNX file, or is damaged";
    }
    return line(message);
  }

  /** Returns the reason why a prediction fails. */
  static String ofPrediction(Throwable e) {
    return line(rootOf(e));
  }

  /** Returns the message of the root cause. */
  static String rootOf(Throwable e) {
    Throwable root = e;
    while (root.getCause() != null && root.getCause() != root) {
      root = root.getCause();
    }
    return String.valueOf(root.getMessage());
  }

  /** Returns the first line, without codes and places in the source. */
  private static String line(String message) {
    return message
        .lines()
        .findFirst()
        .orElse(message)
        .replaceFirst("^Error code - \\S+ - message: ", "")
        .replaceFirst("^Load model from .* failed: ?", "")
        .replaceFirst("^\\S+\\.(cc|h):\\d+ \\S+.*?\\) ?", "")
        .strip();
  }
}
