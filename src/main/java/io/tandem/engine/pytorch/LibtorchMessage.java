package io.tandem.engine.pytorch;

import io.tandem.model.ForeignFile;
import io.tandem.model.InputContract;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Says in one sentence what a message of libtorch or DJL means, and what to do. */
final class LibtorchMessage {
  private static final Pattern OPERATOR = Pattern.compile("Unknown builtin op: (\\S+?)\\.?(\\s|$)");

  private static final Pattern CHANNELS =
      Pattern.compile("expected input\\S* .*? to have (\\d+) channels, but got [13] channels");

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

  /**
   * Returns the reason why a prediction fails.
   *
   * @param input what the model was given
   */
  static String ofPrediction(Throwable e, InputContract input) {
    String message = String.valueOf(e.getMessage());
    String line = line(message);
    if (message.contains("Unsupported IValue type")) {
      return "it returns a value that is neither a tensor nor a list, tuple or dictionary of tensors, such as a named tuple or None; export a model that returns one tensor";
    }
    Matcher channels = CHANNELS.matcher(message);
    if (channels.find()) {
      return line + remedyOfChannels(Integer.parseInt(channels.group(1)));
    }
    boolean isBfloat16 = message.contains("BFloat16");
    if (input.type() == InputContract.Type.FLOAT && (isBfloat16 || message.contains("Half"))) {
      return "%s; its weights are of half precision, and its input is float32; write input=%s into its serving.properties"
          .formatted(
              line,
              new InputContract(
                      isBfloat16 ? InputContract.Type.BFLOAT16 : InputContract.Type.FLOAT16,
                      input.layout())
                  .key());
    }
    return line;
  }

  private static String remedyOfChannels(int taken) {
    return switch (taken) {
      case 1 -> "; write channels=grey into its serving.properties";
      case 3 -> "; write channels=rgb into its serving.properties";
      default -> "; Tandem gives pictures of three channels, or of one by channels=grey";
    };
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
