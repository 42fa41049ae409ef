package io.tandem.conf;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Loads the settings by their one road: {@code reference.conf}, over it a file, over both the
 * call's own {@code key=value} pairs. A key that {@code reference.conf} does not have is a mistake,
 * told with its file and line.
 */
public final class SettingsLoader {
  private static final String ROOT = "tandem";

  /** Starts the place of a {@code key=value} pair. */
  private static final String PAIR = "setting ";

  private static final Pattern WRONG_TYPE =
      Pattern.compile("(\\S+) has type (\\w+) rather than (\\w+)");

  private SettingsLoader() {}

  /**
   * @param file the file of {@code --conf}, or null
   * @param pairs {@code key=value}, later ones first in rank
   * @throws SettingsException where a key is unknown, or a value is not what its key takes
   */
  public static Settings load(@Nullable Path file, Collection<String> pairs) {
    Config reference = ConfigFactory.parseResources("reference.conf");
    Config call = ConfigFactory.empty();
    for (String pair : pairs) {
      call = overlay(parsePair(pair), reference).withFallback(call);
    }
    Config given = file == null ? ConfigFactory.empty() : overlay(parseFile(file), reference);
    try {
      Config asked = withFramesOfManifest(call.withFallback(given));
      return settings(asked.withFallback(reference).resolve());
    } catch (ConfigException e) {
      throw new SettingsException(place(e.origin()) + plain(e), e);
    }
  }

  /** Where the call names a manifest only, its paths are relative to the folder it lies in. */
  private static Config withFramesOfManifest(Config asked) {
    String path = ROOT + ".frames.path";
    String manifest = string(asked, ROOT + ".frames.manifest");
    if (manifest == null || asked.hasPath(path)) {
      return asked;
    }
    String file = manifest.replaceFirst("(?<=[^/])/+$", "");
    String folder = file.substring(0, file.lastIndexOf('/') + 1);
    return asked.withValue(path, ConfigValueFactory.fromAnyRef(folder.isEmpty() ? "." : folder));
  }

  /** The settings of a run that was, as {@link SettingsText} wrote them. */
  public static Settings saved(String text) {
    Config reference = ConfigFactory.parseResources("reference.conf");
    try {
      return settings(ConfigFactory.parseString(text).withFallback(reference).resolve());
    } catch (ConfigException e) {
      throw new SettingsException("settings.conf cannot be read: " + plain(e), e);
    }
  }

  /** The settings with some of their keys changed, {@code key=value}. */
  public static Settings changed(Settings settings, Collection<String> pairs) {
    Config call = ConfigFactory.empty();
    for (String pair : pairs) {
      call = parsePair(ROOT + "." + pair).withFallback(call);
    }
    return settings(call.withFallback(settings.tree()).resolve());
  }

  private static Config parseFile(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new SettingsException("no settings file at " + file);
    }
    try {
      return ConfigFactory.parseFile(
          file.toFile(), ConfigParseOptions.defaults().setOriginDescription(file.toString()));
    } catch (ConfigException e) {
      throw new SettingsException(place(e.origin()) + plain(e), e);
    }
  }

  private static Config parsePair(String pair) {
    int equals = pair.indexOf('=');
    if (equals < 1) {
      throw new SettingsException("a setting must be key=value: " + pair);
    }
    String key = pair.substring(0, equals).strip();
    String value = pair.substring(equals + 1).strip();
    ConfigParseOptions options = ConfigParseOptions.defaults().setOriginDescription(PAIR + pair);
    try {
      return ConfigFactory.parseString(key + " = " + value, options);
    } catch (ConfigException.Parse e) {
      // A path such as s3a://bucket/frames is no HOCON value unless it is quoted.
      return ConfigFactory.parseString(key + " = " + quoted(value), options);
    }
  }

  private static String quoted(String value) {
    return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  /** The given tree below {@code tandem}, its keys checked against the reference. */
  private static Config overlay(Config given, Config reference) {
    Config rooted = given.withoutPath(ROOT).atKey(ROOT).withFallback(given.withOnlyPath(ROOT));
    Config known = reference.resolve();
    Config resolved = rooted.resolveWith(rooted.withFallback(known));
    checkKeys("", resolved.getObject(ROOT), known.getObject(ROOT));
    return resolved;
  }

  private static void checkKeys(String prefix, ConfigObject given, ConfigObject known) {
    for (Map.Entry<String, ConfigValue> entry : given.entrySet()) {
      String path = prefix + entry.getKey();
      ConfigValue expected = known.get(entry.getKey());
      if (expected == null) {
        throw new SettingsException(
            "%sunknown key %s; %s has %s"
                .formatted(
                    place(entry.getValue().origin()),
                    path,
                    prefix.isEmpty() ? "tandem" : prefix.substring(0, prefix.length() - 1),
                    String.join(", ", known.keySet().stream().sorted().toList())));
      }
      boolean tree = expected.valueType() == ConfigValueType.OBJECT;
      if (tree && entry.getValue().valueType() != ConfigValueType.OBJECT) {
        throw new SettingsException(
            "%s%s takes keys of its own, not a value: %s"
                .formatted(place(entry.getValue().origin()), path, entry.getValue().unwrapped()));
      }
      if (tree) {
        checkKeys(path + ".", (ConfigObject) entry.getValue(), (ConfigObject) expected);
      }
    }
  }

  private static Settings settings(Config tree) {
    Config tandem = tree.getConfig(ROOT);
    return new Settings(
        frames(tandem),
        model(tandem),
        new Settings.Engine(
            string(tandem, "engine.cache-dir"),
            string(tandem, "engine.library-path"),
            string(tandem, "engine.flavor"),
            tandem.getBoolean("engine.separate-streams"),
            tandem.getBoolean("engine.tf32"),
            tandem.getBoolean("engine.cudnn-benchmark")),
        lane(tandem),
        infer(tandem),
        benchmark(tandem),
        synthetic(tandem),
        calibration(tandem),
        new Settings.Telemetry(
            tandem.getBoolean("telemetry.enabled"),
            tandem.getDuration("telemetry.interval", TimeUnit.MILLISECONDS),
            tandem.getString("telemetry.nvidia-smi")),
        new Settings.Output(
            string(tandem, "output.path"),
            tandem.getInt("output.top-k"),
            tandem.getInt("output.commit-frames"),
            tandem.getBoolean("output.trace")),
        tree.withOnlyPath(ROOT));
  }

  private static Settings.Frames frames(Config c) {
    return new Settings.Frames(
        c.getString("frames.path"),
        string(c, "frames.manifest"),
        c.getString("frames.manifest-column"),
        c.getString("frames.glob"),
        c.getBoolean("frames.recursive"),
        c.getInt("frames.limit"),
        oneOf(Fit.class, c, "frames.fit"),
        c.getLong("frames.max-pixels"),
        oneOf(JpegLibrary.class, c, "frames.jpeg-library"),
        autoOrOff(c, "frames.scaled-decoding"));
  }

  private static Settings.Model model(Config c) {
    return new Settings.Model(
        c.getString("model.path"),
        string(c, "model.precision"),
        string(c, "model.input"),
        c.hasPath("model.width") ? c.getInt("model.width") : null,
        c.hasPath("model.height") ? c.getInt("model.height") : null,
        c.hasPath("model.mean") ? c.getDoubleList("model.mean") : null,
        c.hasPath("model.std") ? c.getDoubleList("model.std") : null,
        string(c, "model.output"));
  }

  private static Settings.Lane lane(Config c) {
    boolean byDevice = "auto".equalsIgnoreCase(c.getString("lane.decode-threads"));
    return new Settings.Lane(
        c.getInt("lane.read-ahead"),
        c.getBytes("lane.read-ahead-bytes"),
        byDevice ? null : c.getInt("lane.decode-threads"),
        seconds(c, "lane.frame-timeout"));
  }

  private static Settings.Infer infer(Config c) {
    return new Settings.Infer(
        oneOf(DeviceChoice.class, c, "infer.device"),
        countOrAuto(c, "infer.intra-op-threads"),
        countOrAuto(c, "infer.batch-size"),
        c.getDouble("infer.search-share"),
        oneOf(ModelScope.class, c, "infer.model-scope"),
        c.getInt("infer.frames-per-task"));
  }

  /** Whether a key that takes "auto" or "off" says the former. */
  private static boolean autoOrOff(Config c, String key) {
    String value = c.getString(key);
    if (!value.equalsIgnoreCase("auto") && !value.equalsIgnoreCase("off")) {
      throw new SettingsException(
          "%s%s is one of auto, off, not: %s"
              .formatted(place(c.getValue(key).origin()), key, value));
    }
    return value.equalsIgnoreCase("auto");
  }

  /** At least 1, or 0 for "auto". */
  private static int countOrAuto(Config c, String key) {
    if ("auto".equalsIgnoreCase(c.getString(key))) {
      return 0;
    }
    if (c.getInt(key) < 1) {
      throw new SettingsException("%s must be at least 1: %d".formatted(key, c.getInt(key)));
    }
    return c.getInt(key);
  }

  private static Settings.Benchmark benchmark(Config c) {
    return new Settings.Benchmark(
        eachOf(DeviceChoice.class, c, "benchmark.devices"),
        c.getIntList("benchmark.concurrency"),
        c.getIntList("benchmark.intra-op-threads"),
        c.getIntList("benchmark.batch-sizes"),
        c.getStringList("benchmark.precisions"),
        eachOf(ModelScope.class, c, "benchmark.model-scopes"),
        c.getInt("benchmark.rounds"),
        c.getDouble("benchmark.interval-width"),
        c.getDouble("benchmark.min-seconds"),
        c.getDouble("benchmark.warmup-seconds"),
        c.getInt("benchmark.warmup-batches"),
        c.getDouble("benchmark.ceiling-seconds"),
        c.getBoolean("benchmark.again"),
        c.getLong("benchmark.seed"),
        valid(c.getConfig("benchmark.valid")));
  }

  private static Settings.Valid valid(Config c) {
    return new Settings.Valid(
        c.getInt("min-frames"),
        c.getDouble("variation"),
        c.getDouble("garbage-collection"),
        c.getDouble("foreign-load"),
        c.getDouble("stolen"),
        seconds(c, "start-skew"),
        c.getDouble("tie"));
  }

  private static Settings.Synthetic synthetic(Config c) {
    return new Settings.Synthetic(
        seconds(c, "synthetic.sleep"),
        c.getDouble("synthetic.locked"),
        c.getDouble("synthetic.contention"),
        c.getDouble("synthetic.coherency"));
  }

  private static Settings.Calibration calibration(Config c) {
    List<List<Double>> pairs = new ArrayList<>();
    for (ConfigValue pair : c.getList("calibration.scalability")) {
      pairs.add(pair.atKey("pair").getDoubleList("pair"));
    }
    return new Settings.Calibration(
        c.getBoolean("calibration.enabled"),
        c.getDoubleList("calibration.locked"),
        pairs,
        c.getInt("calibration.same-again"));
  }

  private static double seconds(Config c, String key) {
    return c.getDuration(key, TimeUnit.NANOSECONDS) / 1e9;
  }

  private static @Nullable String string(Config c, String key) {
    return c.hasPath(key) ? c.getString(key) : null;
  }

  private static <E extends Enum<E>> List<E> eachOf(Class<E> type, Config c, String key) {
    return c.getStringList(key).stream().map(name -> oneOf(type, name, c, key)).toList();
  }

  private static <E extends Enum<E>> E oneOf(Class<E> type, Config c, String key) {
    return oneOf(type, c.getString(key), c, key);
  }

  private static <E extends Enum<E>> E oneOf(Class<E> type, String name, Config c, String key) {
    for (E value : type.getEnumConstants()) {
      if (value.name().equalsIgnoreCase(name)) {
        return value;
      }
    }
    List<String> names =
        Arrays.stream(type.getEnumConstants())
            .map(value -> value.name().toLowerCase(Locale.ROOT))
            .toList();
    throw new SettingsException(
        "%s%s is one of %s, not: %s"
            .formatted(place(c.getValue(key).origin()), key, String.join(", ", names), name));
  }

  /** Returns "file: line: ", as editors read it, or "key=value: "; "" if the place is unknown. */
  private static String place(@Nullable ConfigOrigin origin) {
    if (origin == null) {
      return "";
    }
    String description = origin.description();
    // A pair has one line, whose number says nothing.
    return (description.startsWith(PAIR) ? description.replaceFirst(": \\d+$", "") : description)
        + ": ";
  }

  /** The message without the origin that the library puts before it. */
  private static String plain(ConfigException e) {
    String message = String.valueOf(e.getMessage());
    ConfigOrigin origin = e.origin();
    if (origin != null && message.startsWith(origin.description() + ": ")) {
      message = message.substring(origin.description().length() + 2);
    }
    return WRONG_TYPE
        .matcher(message.replace(ROOT + ".", "").lines().findFirst().orElse(message))
        .replaceAll(
            m ->
                m.group(1)
                    + " takes a "
                    + m.group(3).toLowerCase(Locale.ROOT)
                    + ", not a "
                    + m.group(2).toLowerCase(Locale.ROOT));
  }
}
