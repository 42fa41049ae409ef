package io.tandem.engine;

import org.jspecify.annotations.Nullable;

/**
 * Starts one kind of engine. Loaded by {@link java.util.ServiceLoader}: an implementation has a
 * public constructor without arguments, and is listed in {@code
 * META-INF/services/io.tandem.engine.EngineProvider}.
 */
public interface EngineProvider {
  /** Returns the name of the engine in {@code serving.properties}, for example "pytorch". */
  String name();

  /**
   * Returns a sentence about why an engine started with some options cannot be used with others;
   * null if it can be restarted with the others.
   *
   * @param started the options of the running engine
   * @param asked the requested options
   */
  @Nullable String conflict(EngineOptions started, EngineOptions asked);

  /**
   * Starts the engine in this JVM.
   *
   * @throws io.tandem.model.PredictionException if its native library cannot be loaded
   */
  Engine start(EngineOptions options);
}
