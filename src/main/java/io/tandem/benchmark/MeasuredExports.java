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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The exports that a benchmark measures.
 *
 * @param byName in their order, the baseline's first
 * @param preference how the only one was chosen; null if they were named
 * @param leftOut exports of the named engines that are not meant for these CPUs
 */
record MeasuredExports(
    Map<String, ModelSpec> byName, @Nullable Preference preference, List<Export> leftOut) {
  /**
   * Returns the exports that the settings name, otherwise the one that {@code infer} would use.
   *
   * @throws SettingsException if an engine has no export, or the first export does not run on the
   *     first device
   */
  static MeasuredExports of(Session session, Settings settings) {
    if (settings.synthetic().isOn()) {
      ModelSpec synthetic = ModelSpec.synthetic();
      return new MeasuredExports(Map.of(synthetic.export().name(), synthetic), null, List.of());
    }
    ModelFolder folder = ModelFolder.open(settings.model(), session.hadoop());
    BenchmarkSettings.Grid grid = settings.benchmark().grid();
    Preference preferred =
        grid.exports().isDefault() ? ExportChoice.of(session, folder, grid.devices()) : null;
    List<Export> ofEngines = ofEngines(settings.model().path(), folder, grid.exports().engines());
    List<Export> suitable = ExportChoice.suitable(session, folder, grid.devices(), ofEngines);
    Set<String> names = new LinkedHashSet<>(grid.exports().names());
    if (preferred != null) {
      names.add(preferred.export());
    }
    suitable.forEach(export -> names.add(export.name()));
    Map<String, ModelSpec> models = new LinkedHashMap<>();
    names.forEach(name -> models.put(name, folder.spec(name)));
    if (models.isEmpty()) {
      throw new SettingsException(
          "benchmark.engines: no export of %s is meant for these CPUs, by cpu-flags in the model's serving.properties; name exports by benchmark.exports"
              .formatted(String.join(", ", grid.exports().engines())));
    }
    requireBaseline(
        models.values().iterator().next().export(), session.kind(grid.devices().get(0)));
    return new MeasuredExports(
        models,
        preferred,
        ofEngines.stream().filter(export -> !names.contains(export.name())).toList());
  }

  /** Returns all exports of some engines. */
  private static List<Export> ofEngines(String model, ModelFolder folder, List<String> engines) {
    List<Export> all = new ArrayList<>();
    for (String engine : engines) {
      List<Export> own =
          folder.exports().stream().filter(export -> export.engine().equals(engine)).toList();
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
      all.addAll(own);
    }
    return all;
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

  /** Says which export was chosen, and why, if none was named; and which were left out. */
  void announce(Progress progress) {
    for (Export export : leftOut) {
      progress.say(
          "left out the export %s: it is for CPUs with other instructions; benchmark.exports measures it nevertheless"
              .formatted(export));
    }
    if (preference != null) {
      ExportChoice.announce(preference, progress);
    }
  }
}
