package io.tandem.inference;

import io.tandem.conf.Settings;
import io.tandem.conf.SettingsException;
import io.tandem.conf.SettingsLoader;
import io.tandem.spark.Session;
import io.tandem.text.RunJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The settings that a program of somebody else gives, key by key. */
public final class CallerSettings {
  private static final String MODEL = "model.path";
  private static final Set<String> PATHS = Set.of(MODEL, "frames.path", "frames.manifest");
  private static final String THREADS = "infer.intra-op-threads";
  private static final String TASK_CPUS = "spark.task.cpus";

  /** Sections and keys that say how a frame is predicted. */
  private static final List<String> OF_FRAMES =
      List.of(
          "model.",
          "engine.",
          "lane.",
          "infer.device",
          "infer.intra-op-threads",
          "infer.batch-size",
          "infer.model-scope",
          "frames.fit",
          "frames.max-bytes",
          "frames.max-pixels",
          "frames.jpeg-library",
          "frames.scaled-decoding",
          "output.top-k",
          "output.image-format");

  /** Those that say which frames. */
  private static final List<String> OF_SOURCES = List.of("frames.", "infer.frames-per-task");

  private final Map<String, String> values;

  private CallerSettings(Map<String, String> values) {
    this.values = values;
  }

  /**
   * Takes values for the frames of a DataFrame.
   *
   * @param values by key, as in reference.conf without "tandem."
   * @throws SettingsException if no model is named, a key is not known, has no meaning here, or has
   *     a wrong value
   */
  static CallerSettings ofDataFrame(Map<String, String> values) {
    return checked(values, OF_FRAMES);
  }

  /**
   * Takes values for the frames of a folder or manifest.
   *
   * @param values by key, as in reference.conf without "tandem."
   * @throws SettingsException if no model is named, a key is not known, has no meaning here, or has
   *     a wrong value
   */
  public static CallerSettings ofSource(Map<String, String> values) {
    List<String> keys = new ArrayList<>(OF_FRAMES);
    keys.addAll(OF_SOURCES);
    return checked(values, keys);
  }

  private static CallerSettings checked(Map<String, String> values, List<String> keys) {
    if (values.getOrDefault(MODEL, "").isEmpty()) {
      throw SettingsException.of(
          MODEL, "no model is named; name its folder, such as s3a://models/net");
    }
    CallerSettings settings = new CallerSettings(new TreeMap<>(values));
    Settings loaded = settings.load(null);
    for (String key : new TreeSet<>(values.keySet())) {
      if (keys.stream().noneMatch(key::startsWith)) {
        throw SettingsException.of(
            key,
            "%s is a setting of Tandem's own commands; here there are %s"
                .formatted(
                    key,
                    keys.stream().map(CallerSettings::shown).collect(Collectors.joining(", "))));
      }
    }
    if (loaded.infer().batchSize().isAuto() || loaded.infer().intraOpThreads().isAuto()) {
      throw SettingsException.of(
          "infer.batch-size",
          "infer.batch-size and infer.intra-op-threads must be numbers here: ./submit.sh infer finds them for auto, and says them");
    }
    return settings;
  }

  private static String shown(String key) {
    return key.endsWith(".") ? key + "*" : key;
  }

  /** Returns the settings in a session, whose tasks have threads as they have cores. */
  public Settings in(Session session) {
    return load(session);
  }

  private Settings load(@Nullable Session session) {
    List<String> pairs = new ArrayList<>();
    if (session != null && !values.containsKey(THREADS)) {
      pairs.add(THREADS + "=" + session.context().getConf().get(TASK_CPUS, "1"));
    }
    // A path is taken as it is, also one with a hash or a brace.
    values.forEach(
        (key, value) ->
            pairs.add(key + "=" + (PATHS.contains(key) ? RunJson.string(value) : value)));
    return SettingsLoader.load(null, pairs);
  }
}
