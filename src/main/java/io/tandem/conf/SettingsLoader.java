package io.tandem.conf;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Loads the settings: {@code reference.conf}, over it a file, over both {@code key=value} pairs. A
 * key that {@code reference.conf} does not have is refused, with its file and line.
 */
public final class SettingsLoader {
  private SettingsLoader() {}

  /**
   * Loads settings.
   *
   * @param file a file of settings, or null
   * @param pairs {@code key=value}; a later pair overrides an earlier one
   * @throws SettingsException if a key is unknown, or a value is not what its key takes
   */
  public static Settings load(@Nullable Path file, Collection<String> pairs) {
    Config reference = ConfigFactory.parseResources("reference.conf");
    try {
      Config call = ConfigFactory.empty();
      for (String pair : pairs) {
        call = overlay(parsePair(pair), reference).withFallback(call);
      }
      Config given = file == null ? ConfigFactory.empty() : overlay(parseFile(file), reference);
      Config asked = withFramesOfManifest(call.withFallback(given));
      return settings(asked.withFallback(reference).resolve());
    } catch (ConfigException e) {
      throw SettingsPlace.refusal(e);
    }
  }

  /** Makes paths relative to the manifest's folder if only a manifest is given. */
  private static Config withFramesOfManifest(Config asked) {
    String path = SettingsPlace.ROOT + ".frames.path";
    String manifest = new SettingsValues(asked, SettingsPlace.ROOT).textOrNull("frames.manifest");
    if (manifest == null || asked.hasPath(path)) {
      return asked;
    }
    String file = manifest.replaceFirst("(?<=[^/])/+$", "");
    String folder = file.substring(0, file.lastIndexOf('/') + 1);
    return asked.withValue(path, ConfigValueFactory.fromAnyRef(folder.isEmpty() ? "." : folder));
  }

  /**
   * Loads the settings of an earlier run, as {@link SettingsText} wrote them, also with the keys of
   * earlier versions.
   *
   * @throws SettingsException if they cannot be read
   */
  public static Settings saved(String text) {
    Config reference = ConfigFactory.parseResources("reference.conf");
    Config saved = SettingsText.parsed(text);
    try {
      return settings(withNewKeys(saved).withFallback(reference).resolve());
    } catch (ConfigException e) {
      throw SettingsText.unreadable(SettingsPlace.plain(e), e);
    }
  }

  private static Config parseFile(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new SettingsException("no settings file at " + file);
    }
    try {
      return ConfigFactory.parseFile(file.toFile(), LocalIncludes.ofFile(file.toString()));
    } catch (StackOverflowError e) {
      throw new SettingsException(file + ": has too many braces or brackets within each other", e);
    }
  }

  private static Config parsePair(String pair) {
    int equals = pair.indexOf('=');
    String key = pair.substring(0, Math.max(0, equals)).strip();
    if (!isKey(key)) {
      throw new SettingsException("a setting must be key=value: " + pair);
    }
    String value = pair.substring(equals + 1).strip();
    ConfigParseOptions options = LocalIncludes.ofText(SettingsPlace.PAIR + pair);
    try {
      return ConfigFactory.parseString(key + " = " + value, options);
    } catch (ConfigException.Parse e) {
      // A path such as s3a://bucket/frames is no HOCON value unless it is quoted.
      return ConfigFactory.parseString(key + " = " + quoted(value), options);
    }
  }

  private static boolean isKey(String key) {
    try {
      return ConfigUtil.splitPath(key).stream().noneMatch(part -> part.matches(".*[\\s\"].*"));
    } catch (ConfigException e) {
      return false;
    }
  }

  private static String quoted(String value) {
    return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  private static Config withNewKeys(Config saved) {
    Config renamed = saved;
    for (Map.Entry<String, String> key : FormerKeys.all().entrySet()) {
      String old = SettingsPlace.ROOT + "." + key.getKey();
      if (saved.hasPath(old)) {
        renamed =
            renamed
                .withValue(SettingsPlace.ROOT + "." + key.getValue(), saved.getValue(old))
                .withoutPath(old);
      }
    }
    for (String key : FormerKeys.removed()) {
      renamed = renamed.withoutPath(SettingsPlace.ROOT + "." + key);
    }
    return renamed;
  }

  /** Returns the given tree below {@code tandem}, its keys checked against the reference. */
  private static Config overlay(Config given, Config reference) {
    ConfigValue root = given.root().get(SettingsPlace.ROOT);
    if (root != null && root.valueType() != ConfigValueType.OBJECT) {
      throw new SettingsException(
          "%standem takes keys of its own, not a value: %s"
              .formatted(SettingsPlace.of(root.origin()), root.unwrapped()));
    }
    Config rooted =
        given
            .withoutPath(SettingsPlace.ROOT)
            .atKey(SettingsPlace.ROOT)
            .withFallback(given.withOnlyPath(SettingsPlace.ROOT));
    Config known = reference.resolve();
    Config resolved = rooted.resolveWith(rooted.withFallback(known));
    checkKeys("", resolved.getObject(SettingsPlace.ROOT), known.getObject(SettingsPlace.ROOT));
    return resolved;
  }

  private static void checkKeys(String prefix, ConfigObject given, ConfigObject known) {
    for (Map.Entry<String, ConfigValue> entry : given.entrySet()) {
      String path = prefix + entry.getKey();
      ConfigValue expected = known.get(entry.getKey());
      if (expected == null) {
        throw unknown(prefix, path, known, entry.getValue());
      }
      boolean tree = expected.valueType() == ConfigValueType.OBJECT;
      if (tree && entry.getValue().valueType() != ConfigValueType.OBJECT) {
        throw new SettingsException(
            "%s%s takes keys of its own, not a value: %s"
                .formatted(
                    SettingsPlace.of(entry.getValue().origin()),
                    path,
                    entry.getValue().unwrapped()));
      }
      if (tree && !isFree(path)) {
        checkKeys(path + ".", (ConfigObject) entry.getValue(), (ConfigObject) expected);
      }
    }
  }

  /** Returns whether a section takes any key: the lines of a model's properties. */
  private static boolean isFree(String path) {
    return path.equals("model.properties");
  }

  private static SettingsException unknown(
      String prefix, String path, ConfigObject known, ConfigValue value) {
    String place = SettingsPlace.of(value.origin());
    String newName = FormerKeys.newName(path);
    if (newName != null) {
      return new SettingsException("%s%s is now %s".formatted(place, path, newName));
    }
    String why = FormerKeys.whyRemoved(path);
    if (why != null) {
      return new SettingsException("%s%s was removed: %s".formatted(place, path, why));
    }
    return new SettingsException(
        "%sunknown key %s; %s has %s"
            .formatted(
                place,
                path,
                prefix.isEmpty() ? "tandem" : prefix.substring(0, prefix.length() - 1),
                String.join(", ", known.keySet().stream().sorted().toList())));
  }

  private static Settings settings(Config tree) {
    return new SettingsReader(tree.getConfig(SettingsPlace.ROOT)).read();
  }
}
