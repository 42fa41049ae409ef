package io.tandem.engine.pytorch;

import io.tandem.model.ForeignFile;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Says in one sentence what a message of libtorch or DJL means, and what to do. */
final class LibtorchMessage {
  private static final Pattern OPERATOR = Pattern.compile("Unknown builtin op: (\\S+?)\\.?(\\s|$)");

  private static final String EXPORT =
      "; export the model by torch.jit.trace(model, example).save(file)";

  private LibtorchMessage() {}

  /**
   * Returns the reason why a file cannot be loaded.
   *
   * @param file the file
   * @param version libtorch's version
   */
  static String ofLoading(Throwable e, Path file, String version) {
    String message = String.valueOf(e.getMessage());
    Matcher operator = OPERATOR.matcher(message);
    if (operator.find()) {
      return "libtorch %s has no operator %s; %s"
          .formatted(version, operator.group(1), remedy(operator.group(1)));
    }
    ForeignFile foreign = ForeignFile.of(file, PyTorchProvider.NAME);
    if (foreign != null) {
      return "it is " + foreign.title() + (foreign.isModel() ? EXPORT : "");
    }
    if (message.contains("PytorchStreamReader failed") || message.contains("not a ZIP archive")) {
      return "it is no TorchScript, or is damaged" + EXPORT;
    }
    return line(message);
  }

  /** Returns how to export a model without an operator. */
  private static String remedy(String operator) {
    if (operator.equals("torchvision::nms")) {
      return "export a detector before its NMS, so that it returns the outputs of its heads: Tandem suppresses overlapping boxes itself";
    }
    return operator.startsWith("torchvision::")
        ? "it belongs to torchvision's own library; export the model without it, or as ONNX by torch.onnx.export"
        : "export the model with this version of PyTorch or an older one";
  }

  /** Returns the reason why a prediction fails. */
  static String ofPrediction(Throwable e) {
    String message = String.valueOf(e.getMessage());
    String line = line(message);
    if (message.contains("Unsupported IValue type")) {
      return "it returns a value that is neither a tensor nor a list, tuple or dictionary of tensors, such as a named tuple or None; export a model that returns one tensor";
    }
    if (message.contains("BFloat16") || message.contains("c10::Half")) {
      return line
          + "; its weights are of half precision, and its input is float32: convert the input inside the model before the export";
    }
    return line;
  }

  /** Returns the error line of a libtorch message, without the traceback. */
  private static String line(String message) {
    return message
        .lines()
        .filter(line -> line.startsWith("RuntimeError: "))
        .reduce((first, last) -> last)
        .or(() -> message.lines().filter(line -> !line.isBlank()).findFirst())
        .orElse(message)
        .strip();
  }
}
