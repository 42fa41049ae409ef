package io.tandem.engine.onnxruntime;

import io.tandem.engine.Engine;
import io.tandem.engine.EngineOptions;
import io.tandem.engine.EngineProvider;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Starts ONNX Runtime with DJL. */
public final class OnnxRuntimeProvider implements EngineProvider {
  static final String NAME = "onnxruntime";

  /** Creates the provider, for the service loader. */
  public OnnxRuntimeProvider() {}

  @Override
  public String name() {
    return NAME;
  }

  /** {@inheritDoc} Its library is loaded once per JVM; everything else belongs to a session. */
  @Override
  public @Nullable String conflict(EngineOptions started, EngineOptions asked) {
    String before = started.library().onnxRuntimePath();
    String now = asked.library().onnxRuntimePath();
    return Objects.equals(before, now)
        ? null
        : "ONNX Runtime was loaded with engine.onnxruntime-path=%s in this JVM, and cannot be loaded again with %s; start another Spark application"
            .formatted(before, now);
  }

  @Override
  public Engine start(EngineOptions options) {
    OnnxRuntimeLibrary.requireClasses(OnnxRuntimeProvider.class.getClassLoader());
    return OnnxRuntimeEngine.start(options.library());
  }
}
