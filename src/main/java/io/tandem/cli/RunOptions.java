package io.tandem.cli;

import com.typesafe.config.ConfigUtil;
import io.tandem.conf.Settings;
import io.tandem.conf.SettingsLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of infer and benchmark: an overlay on the settings, and nothing more. */
final class RunOptions {
  @Option(
      names = "--frames",
      paramLabel = "PATH",
      description = "a folder, file or glob of images and videos; default: the bundled frames")
  @Nullable String frames;

  @Option(
      names = "--manifest",
      paramLabel = "FILE",
      description =
          "a CSV, JSON Lines or Parquet file that lists the frames; its other columns are kept. Its paths are relative to --frames, else to its own folder")
  @Nullable String manifest;

  @Option(
      names = "--model",
      paramLabel = "FOLDER",
      description =
          "a folder with a TorchScript or ONNX file, serving.properties and synset.txt; default: the bundled EfficientNet-Lite0")
  @Nullable String model;

  @Option(
      names = "--output",
      paramLabel = "FOLDER",
      description = "the run folder, which must not exist yet; default: out/<command>-<time>")
  @Nullable String output;

  @Option(
      names = "--conf",
      paramLabel = "FILE",
      description = "a file of settings that override the defaults")
  @Nullable Path conf;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description =
          "one setting, which overrides --conf; may be repeated. Every key: src/main/resources/reference.conf")
  List<String> set = new ArrayList<>();

  boolean areEmpty() {
    return frames == null
        && manifest == null
        && model == null
        && output == null
        && conf == null
        && set.isEmpty();
  }

  Settings settings() {
    return settings(List.of());
  }

  /**
   * Returns the settings of the call.
   *
   * @param others pairs of key and value that other options set
   */
  Settings settings(List<String> others) {
    List<String> pairs = new ArrayList<>(set);
    pairs.addAll(others);
    add(pairs, "frames.path", frames);
    add(pairs, "frames.manifest", manifest);
    add(pairs, "model.path", model);
    add(pairs, "output.path", output);
    return SettingsLoader.load(conf, pairs);
  }

  private static void add(List<String> pairs, String key, @Nullable String value) {
    if (value != null) {
      pairs.add(key + "=" + ConfigUtil.quoteString(value));
    }
  }
}
