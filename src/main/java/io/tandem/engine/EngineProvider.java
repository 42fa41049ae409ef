package io.tandem.engine;

import org.jspecify.annotations.Nullable;

/**
 * Starts one kind of engine. Found by {@link java.util.ServiceLoader}: an implementation has a
 * public constructor without arguments, and its class name in {@code
 * META-INF/services/io.tandem.engine.EngineProvider}.
 */
public interface EngineProvider {
  /** Returns the name of the engine in a model's {@code serving.properties}, such as "pytorch". */
  String name();

  /**
   * Returns why an engine that this JVM started with some options cannot serve a caller with
   * others, in a sentence; null if it can be started with these instead.
   */
  @Nullable String conflict(EngineOptions started, EngineOptions asked);

  /**
   * Starts the engine in this JVM.
   *
   * @throws io.tandem.model.PredictionException if its native library cannot be loaded
   */
  Engine start(EngineOptions options);
}
