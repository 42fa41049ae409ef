package io.tandem.engine;

import io.tandem.conf.Settings;
import java.io.Serializable;

/**
 * The options of an engine, set at its start.
 *
 * @param library the native libraries and the use of GPUs
 * @param synthetic the sleep times of the synthetic engine
 */
public record EngineOptions(Settings.Engine library, Settings.Synthetic synthetic)
    implements Serializable {

  /** Returns the options of the settings. */
  public static EngineOptions of(Settings settings) {
    return new EngineOptions(settings.engine(), settings.synthetic());
  }
}
