package io.tandem.benchmark;

import io.tandem.conf.BenchmarkSettings;
import io.tandem.conf.Device;
import io.tandem.conf.Export;
import io.tandem.conf.Settings;
import io.tandem.conf.SettingsException;
import io.tandem.lane.ExportChoice;
import io.tandem.model.ModelFolder;
import io.tandem.model.ModelSpec;
import io.tandem.model.Preference;
import io.tandem.spark.Progress;
import io.tandem.spark.Session;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The exports that a benchmark measures.
 *
 * @param byName in their order, the baseline's first
 * @param preference how the only one was chosen; null if they were named
 */
record MeasuredExports(Map<String, ModelSpec> byName, @Nullable Preference preference) {
  /**
   * Returns the exports that the settings name, otherwise the one that {@code infer} would use.
   *
   * @throws SettingsException if an engine has no export, or the first export does not run on the
   *     first device
   */
  static MeasuredExports of(Session session, Settings settings) {
    if (settings.synthetic().isOn()) {
      ModelSpec synthetic = ModelSpec.synthetic();
      return new MeasuredExports(Map.of(synthetic.export().name(), synthetic), null);
    }
    ModelFolder folder = ModelFolder.open(settings.model(), session.hadoop());
    BenchmarkSettings.Grid grid = settings.benchmark().grid();
    Preference preferred =
        grid.exports().isDefault() ? ExportChoice.of(session, folder, grid.devices()) : null;
    List<String> names =
        preferred == null
            ? named(settings.model().path(), folder, grid.exports())
            : List.of(preferred.export());
    Map<String, ModelSpec> models = new LinkedHashMap<>();
    names.forEach(name -> models.put(name, folder.spec(name)));
    requireBaseline(
        models.values().iterator().next().export(), session.kind(grid.devices().get(0)));
    return new MeasuredExports(models, preferred);
  }

  /** Returns the exports that are named, then all others of the engines. */
  private static List<String> named(
      String model, ModelFolder folder, BenchmarkSettings.Exports asked) {
    List<String> names = new ArrayList<>(asked.names());
    for (String engine : asked.engines()) {
      List<String> own =
          folder.exports().stream()
              .filter(export -> export.engine().equals(engine))
              .map(Export::name)
              .toList();
      if (own.isEmpty()) {
        throw new SettingsException(
            "benchmark.engines: the model at %s has no export for %s; its exports are for %s"
                .formatted(
                    model,
                    engine,
                    folder.exports().stream()
                        .map(Export::engine)
                        .distinct()
                        .collect(Collectors.joining(", "))));
      }
      names.addAll(own);
    }
    return names;
  }

  private static void requireBaseline(Export first, Device.Kind device) {
    if (!first.runsOn(device)) {
      throw new SettingsException(
          "the serial baseline is the first export on the first device, and %s runs on a %s only, not on a %s; name another first by benchmark.exports"
              .formatted(first, first.device(), device));
    }
  }

  /** Returns the models in their order. */
  Collection<ModelSpec> models() {
    return byName.values();
  }

  /** Returns the model of the serial baseline. */
  ModelSpec baseline() {
    return byName.values().iterator().next();
  }

  /** Returns the model of an export. */
  ModelSpec of(Export export) {
    return Objects.requireNonNull(byName.get(export.name()), export.name());
  }

  /** Says which export was chosen, and why, if none was named. */
  void announce(Progress progress) {
    if (preference != null) {
      ExportChoice.announce(preference, progress);
    }
  }
}
