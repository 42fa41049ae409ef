package io.tandem.model;

import io.tandem.conf.Device;
import io.tandem.conf.Export;
import io.tandem.conf.Settings;
import io.tandem.model.ModelSpec.ModelInput;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The values of a model's {@code serving.properties}, and of the settings that overrule them. */
record ModelProperties(Settings.Model settings, Properties properties) {
  static final String FILE = "serving.properties";

  private static final Set<Object> MEAN_AND_STD = Set.of("mean", "std");

  ModelProperties {
    Remembering all = new Remembering();
    all.putAll(
        Presets.of(settings.properties().getOrDefault("preset", properties.getProperty("preset"))));
    all.putAll(properties);
    all.putAll(settings.properties());
    all.written.addAll(properties.stringPropertyNames());
    all.written.addAll(settings.properties().keySet());
    if (all.written.contains("scale")) { // A preset's mean and deviation are for its own scale.
      all.keySet().removeIf(key -> MEAN_AND_STD.contains(key) && !all.written.contains(key));
    }
    all.asked.add("preset");
    properties = all;
  }

  /** Properties that know which of them were asked for, and which are not of a preset. */
  private static final class Remembering extends Properties {
    private static final long serialVersionUID = 1L;

    private final Set<String> asked = ConcurrentHashMap.newKeySet();
    private final Set<String> written = ConcurrentHashMap.newKeySet();

    @Override
    public @Nullable String getProperty(String key) {
      asked.add(key);
      return super.getProperty(key);
    }
  }

  /** Returns the keys that were asked for, except by a task type. */
  Set<String> asked() {
    return Set.copyOf(((Remembering) properties).asked);
  }

  /** Returns a value without a note that it was asked for. */
  private String line(String key) {
    return (String) properties.getOrDefault(key, "");
  }

  /**
   * Returns the keys that nothing has asked for.
   *
   * @param byTask the keys that a task type has asked for
   */
  List<String> unused(Set<String> byTask) {
    exportNames().forEach(this::export);
    Set<String> asked = asked();
    return ((Remembering) properties)
        .written.stream()
            .filter(key -> !asked.contains(key) && !byTask.contains(ofTask(key)))
            .filter(key -> !key.startsWith("option.") && !key.startsWith(DEFAULT))
            .sorted()
            .toList();
  }

  /** Returns a key without the export whose own line it is. */
  private String ofTask(String key) {
    return exportNames().stream()
        .map(export -> key(export, ""))
        .filter(key::startsWith)
        .findFirst()
        .map(own -> key.substring(own.length()))
        .orElse(key);
  }

  /** Precedes the kind of device in the key of its preferred exports. */
  private static final String DEFAULT = "default.";

  /** Returns a value of the file alone; null if it has none. */
  @Nullable String get(String key) {
    return properties.getProperty(key);
  }

  /** Returns a value of the file alone, otherwise {@code otherwise}. */
  String get(String key, String otherwise) {
    return properties.getProperty(key, otherwise);
  }

  /** Returns the names of the exports; a folder with one export need not name it. */
  List<String> exportNames() {
    String older = properties.getProperty("precisions", "fp32");
    String written = properties.getProperty("exports", older);
    List<String> names = list(written);
    if (names.isEmpty() || Arrays.stream(written.split(",", -1)).anyMatch(String::isBlank)) {
      throw new ModelException(
          "model.path",
          "%s of the model at %s is a list of names, and one of them is empty: %s"
              .formatted(
                  properties.containsKey("exports") ? "exports" : "precisions",
                  settings.path(),
                  written));
    }
    return names;
  }

  /**
   * Returns the description of an export.
   *
   * @throws ModelException if its engine or device does not exist
   */
  ModelExport export(String name) {
    String engine = properties.getProperty(key(name, "engine"), properties.getProperty("engine"));
    String device = properties.getProperty(key(name, "device"), "any").strip();
    return new ModelExport(
        new Export(
            name,
            ModelFormat.of(engine).engine(),
            properties.getProperty(key(name, "precision"), name).strip(),
            device.equals("any") ? null : device(name, device),
            agreement(name)),
        properties.getProperty(key(name, "file"), properties.getProperty("file." + name)),
        list(properties.getProperty(key(name, "cpu-flags"), "")));
  }

  /** Returns the key of a property of an export. */
  static String key(String export, String property) {
    return "export.%s.%s".formatted(export, property);
  }

  private @Nullable Double agreement(String export) {
    String value = properties.getProperty(key(export, "agreement"));
    try {
      if (value == null || (Double.parseDouble(value) >= 0 && Double.parseDouble(value) <= 1)) {
        return value == null ? null : Double.valueOf(value.strip());
      }
    } catch (NumberFormatException e) {
      // Reported below.
    }
    throw new ModelException(
        "model.path",
        "%s of the model at %s is a share of 0 to 1, not: %s"
            .formatted(key(export, "agreement"), settings.path(), value));
  }

  private Device.Kind device(String export, String value) {
    for (Device.Kind kind : Device.Kind.values()) {
      if (kind.toString().equals(value)) {
        return kind;
      }
    }
    throw new ModelException(
        "model.path",
        "%s of the model at %s is one of any, cpu, gpu, not: %s"
            .formatted(key(export, "device"), settings.path(), value));
  }

  /**
   * Returns the exports that run on all of these kinds of device, in the order of preference on the
   * first; without a stated preference, the order of the exports.
   *
   * @throws ModelException if an export does not exist, or none runs on all
   */
  List<ModelExport> preferences(List<Device.Kind> devices) {
    List<ModelExport> preferred =
        preferredNames(devices.get(0)).stream()
            .filter(name -> devices.stream().allMatch(d -> preferredNames(d).contains(name)))
            .map(this::export)
            .filter(one -> devices.stream().allMatch(one.export()::runsOn))
            .toList();
    if (preferred.isEmpty()) {
      throw new ModelException(
          "model.export",
          "the model at %s prefers no export that runs on %s; name one, of %s"
              .formatted(
                  settings.path(),
                  devices.stream().map(Device.Kind::toString).collect(Collectors.joining(" and ")),
                  String.join(", ", exportNames())));
    }
    return preferred;
  }

  private List<String> preferredNames(Device.Kind device) {
    String key = DEFAULT + device;
    String given = properties.getProperty(key);
    List<String> names = given == null ? exportNames() : list(given);
    for (String name : names) {
      if (!exportNames().contains(name)) {
        throw new ModelException(
            "model.path",
            "%s of the model at %s names the export %s; it has %s"
                .formatted(key, settings.path(), name, String.join(", ", exportNames())));
      }
    }
    return names;
  }

  /**
   * Returns the model's input.
   *
   * @throws ModelException if a value is missing or wrong, or would have no effect
   */
  ModelInput input() {
    return new InputProperties(settings, properties, ((Remembering) properties).written).read();
  }

  /** Returns the name of what the model's outputs mean. */
  String taskType() {
    return get("task", ModelSpec.CLASSIFICATION).strip();
  }

  /** Returns what the task type reads of an export: its own lines before those for all. */
  OutputProperties output(String export) {
    Map<String, String> values = new HashMap<>();
    properties.stringPropertyNames().forEach(key -> values.put(key, line(key)));
    String own = key(export, "");
    properties.stringPropertyNames().stream()
        .filter(key -> key.startsWith(own))
        .forEach(key -> values.put(key.substring(own.length()), line(key)));
    if (settings.output() != null) {
      values.put("output", settings.output());
    }
    return new OutputProperties(settings.path(), values);
  }

  static List<String> list(String values) {
    return Arrays.stream(values.split(","))
        .map(String::strip)
        .filter(value -> !value.isEmpty())
        .toList();
  }
}
