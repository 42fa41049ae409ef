package io.tandem.model;

import io.tandem.conf.Export;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The kinds of model files, by the engine that runs them. */
enum ModelFormat {
  PYTORCH(Export.DEFAULT_ENGINE, "TorchScript", ".pt"),
  ONNX("onnxruntime", "ONNX", ".onnx");

  private final String engine;
  private final String title;
  private final String ending;

  ModelFormat(String engine, String title, String ending) {
    this.engine = engine;
    this.title = title;
    this.ending = ending;
  }

  /**
   * Returns the format of an engine's files.
   *
   * @param engine the engine, in upper or lower case; null for PyTorch
   */
  static ModelFormat of(@Nullable String engine) {
    String name = engine == null ? PYTORCH.engine : engine.strip().toLowerCase(Locale.ROOT);
    for (ModelFormat format : values()) {
      if (format.engine.equals(name)) {
        return format;
      }
    }
    throw new ModelException(
        "model.path",
        "a model's engine is %s, not: %s"
            .formatted(
                Arrays.stream(values()).map(ModelFormat::engine).collect(Collectors.joining(", ")),
                engine));
  }

  /** Returns the name of the engine. */
  String engine() {
    return engine;
  }

  /** Returns the name of the file format. */
  String title() {
    return title;
  }

  /** Returns the file name extension. */
  String ending() {
    return ending;
  }
}
