package io.tandem.conf;

import java.util.List;

/** The known answers that the benchmark is checked against; each pair is sigma and kappa. */
public record CalibrationSettings(
    boolean enabled, List<Double> locked, List<List<Double>> scalability, int aaRepeats) {
  public CalibrationSettings {
    locked = List.copyOf(locked);
    scalability = List.copyOf(scalability);
    locked.forEach(share -> Require.share("calibration.locked", share));
    Require.atLeast("calibration.aa-repeats", aaRepeats, 0);
    for (List<Double> pair : scalability) {
      if (pair.size() != 2) {
        throw new SettingsException(
            "calibration.scalability takes pairs [sigma, kappa], not: " + pair);
      }
    }
  }

  /** Returns the same, switched off. */
  public CalibrationSettings off() {
    return new CalibrationSettings(false, locked, scalability, aaRepeats);
  }
}
