package io.tandem.engine;

import io.tandem.conf.Settings;
import java.io.Serializable;

/**
 * What an engine is started with.
 *
 * @param library where native libraries come from, and how GPUs are used
 * @param synthetic how long the synthetic engine sleeps
 */
public record EngineOptions(Settings.Engine library, Settings.Synthetic synthetic)
    implements Serializable {

  /** Returns the options of the settings. */
  public static EngineOptions of(Settings settings) {
    return new EngineOptions(settings.engine(), settings.synthetic());
  }
}
