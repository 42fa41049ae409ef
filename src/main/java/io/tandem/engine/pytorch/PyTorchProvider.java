package io.tandem.engine.pytorch;

import io.tandem.conf.Settings;
import io.tandem.engine.Engine;
import io.tandem.engine.EngineOptions;
import io.tandem.engine.EngineProvider;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Starts libtorch with DJL. */
public final class PyTorchProvider implements EngineProvider {
  static final String NAME = "pytorch";

  /** Creates the provider, for the service loader. */
  public PyTorchProvider() {}

  @Override
  public String name() {
    return NAME;
  }

  /**
   * {@inheritDoc} libtorch reads its options when it is loaded, once per JVM; the cache may differ.
   */
  @Override
  public @Nullable String conflict(EngineOptions started, EngineOptions asked) {
    List<String> before = fixed(started.library());
    List<String> now = fixed(asked.library());
    for (int i = 0; i < before.size(); i++) {
      if (!before.get(i).equals(now.get(i))) {
        return "libtorch was loaded with %s in this JVM, and cannot be loaded again with %s; start another Spark application"
            .formatted(before.get(i), now.get(i));
      }
    }
    return null;
  }

  private static List<String> fixed(Settings.Engine library) {
    return List.of(
        "engine.library-path=" + library.libraryPath(),
        "engine.flavor=" + library.flavor(),
        "engine.separate-streams=" + library.separateStreams(),
        "engine.cudnn-benchmark=" + library.cudnnBenchmark());
  }

  @Override
  public Engine start(EngineOptions options) {
    return PyTorchEngine.start(options.library());
  }
}
