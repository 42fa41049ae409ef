package io.tandem.conf;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigIncludeContext;
import com.typesafe.config.ConfigIncluder;
import com.typesafe.config.ConfigIncluderClasspath;
import com.typesafe.config.ConfigIncluderFile;
import com.typesafe.config.ConfigIncluderURL;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigParseable;
import java.io.File;
import java.net.URL;

/**
 * Includes local files in a file of settings, and nothing else: no text that only describes a run
 * makes this program send a request. The library by itself fetches URLs.
 */
final class LocalIncludes
    implements ConfigIncluder, ConfigIncluderFile, ConfigIncluderURL, ConfigIncluderClasspath {
  /** What the including text is, for messages. */
  private final String place;

  private final boolean fromFile;

  private LocalIncludes(String place, boolean fromFile) {
    this.place = place;
    this.fromFile = fromFile;
  }

  /** Returns the options to parse a file that the user named; it may include local files. */
  static ConfigParseOptions ofFile(String place) {
    return options(place, true);
  }

  /** Returns the options to parse a text, which may include nothing. */
  static ConfigParseOptions ofText(String place) {
    return options(place, false);
  }

  private static ConfigParseOptions options(String place, boolean fromFile) {
    return ConfigParseOptions.defaults()
        .setOriginDescription(place)
        .setIncluder(new LocalIncludes(place, fromFile));
  }

  /** The library calls this with its own includer, to which this one does not resort. */
  @Override
  public ConfigIncluder withFallback(ConfigIncluder fallback) {
    return this;
  }

  @Override
  public ConfigObject include(ConfigIncludeContext context, String what) {
    if (what.matches("(?s)[A-Za-z][A-Za-z0-9+.-]+:.*")) {
      throw refusal("include \"%s\"".formatted(what));
    }
    ConfigParseable found = context.relativeTo(what);
    String file = found == null ? null : found.origin().filename();
    if (found == null || file == null || found.origin().resource() != null) {
      throw missing(what);
    }
    return file(context, new File(file), what);
  }

  @Override
  public ConfigObject includeFile(ConfigIncludeContext context, File what) {
    return file(context, what, what.getPath());
  }

  @Override
  public ConfigObject includeURL(ConfigIncludeContext context, URL what) {
    throw refusal("include url(\"%s\")".formatted(what));
  }

  @Override
  public ConfigObject includeResources(ConfigIncludeContext context, String what) {
    throw refusal("include classpath(\"%s\")".formatted(what));
  }

  private ConfigObject file(ConfigIncludeContext context, File file, String written) {
    if (!fromFile) {
      throw refusal("include \"%s\"".formatted(written));
    }
    if (!file.isFile()) {
      throw missing(written);
    }
    return ConfigFactory.parseFile(
            file, context.parseOptions().setOriginDescription(file.getPath()))
        .root();
  }

  private SettingsException refusal(String statement) {
    return new SettingsException(
        fromFile
            ? "%s: settings include local files only, not: %s".formatted(place, statement)
            : "%s: nothing can be included here: %s".formatted(place, statement));
  }

  private SettingsException missing(String what) {
    return fromFile
        ? new SettingsException("%s: there is no file to include: %s".formatted(place, what))
        : refusal("include \"%s\"".formatted(what));
  }
}
