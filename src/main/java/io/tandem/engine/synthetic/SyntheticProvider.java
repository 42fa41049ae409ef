package io.tandem.engine.synthetic;

import io.tandem.engine.Engine;
import io.tandem.engine.EngineOptions;
import io.tandem.engine.EngineProvider;
import org.jspecify.annotations.Nullable;

/** Starts the synthetic engine, for calibration. */
public final class SyntheticProvider implements EngineProvider {
  /** Creates the provider, for the service loader. */
  public SyntheticProvider() {}

  @Override
  public String name() {
    return "synthetic";
  }

  @Override
  public @Nullable String conflict(EngineOptions started, EngineOptions asked) {
    return null;
  }

  @Override
  public Engine start(EngineOptions options) {
    return new SyntheticEngine(options.synthetic());
  }
}
