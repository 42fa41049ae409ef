package io.tandem.model;

import io.tandem.conf.Device;
import io.tandem.conf.Export;
import io.tandem.conf.Settings;
import io.tandem.model.ModelSpec.ModelFile;
import io.tandem.model.ModelSpec.ModelOutput;
import io.tandem.source.GivenPath;
import io.tandem.source.S3Endpoint;
import io.tandem.source.StorageException;
import io.tandem.text.Words;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A model's folder in DJL's layout: a model file, {@code serving.properties}, {@code synset.txt}.
 * Describes its content, and reports missing parts in one sentence.
 */
public final class ModelFolder {
  private static final int MOST_BYTES = 1 << 20;
  private static final String PROPERTIES = ModelProperties.FILE;
  static final String SYNSET = "synset.txt";

  private final Settings.Model settings;
  private final Path folder;
  private final FileSystem fs;
  private final ModelProperties values;
  private final boolean forOtherHosts;

  private ModelFolder(
      Settings.Model settings,
      Path folder,
      FileSystem fs,
      ModelProperties values,
      boolean forOtherHosts) {
    this.settings = settings;
    this.folder = folder;
    this.fs = fs;
    this.values = values;
    this.forOtherHosts = forOtherHosts;
  }

  /**
   * Opens the folder that the settings name.
   *
   * @throws ModelException if the folder or one of its files is missing
   */
  public static ModelFolder open(Settings.Model settings, Configuration hadoop) {
    S3Endpoint.requireFor(settings.path(), hadoop);
    try {
      Path given = GivenPath.of(settings.path());
      FileSystem fs = given.getFileSystem(hadoop);
      Path folder = fs.makeQualified(given);
      if (fs.exists(folder) && !fs.getFileStatus(folder).isDirectory()) {
        throw new ModelException(
            "model.path",
            "%s is a file; a model is the folder that it is in".formatted(settings.path()));
      }
      if (!fs.exists(folder)) {
        throw new ModelException(
            "model.path",
            "no model folder at %s; it must have a model file and %s"
                .formatted(settings.path(), PROPERTIES));
      }
      return new ModelFolder(
          settings,
          folder,
          fs,
          new ModelProperties(settings, properties(fs, new Path(folder, PROPERTIES))),
          true);
    } catch (IOException | IllegalArgumentException e) {
      throw new ModelException(
          "model.path",
          "the model at %s cannot be read: %s".formatted(settings.path(), StorageException.why(e)),
          e);
    }
  }

  /**
   * Returns this folder for a model that only this JVM loads. Omits the SHA-256 of the file, by
   * which other hosts verify it, because computing it takes as long as loading the model.
   */
  public ModelFolder forThisJvm() {
    return new ModelFolder(settings, folder, fs, values, false);
  }

  /** Returns the exports that the folder's properties name, in their order. */
  public List<Export> exports() {
    return values.exportNames().stream().map(name -> values.export(name).export()).toList();
  }

  /**
   * Returns the exports whose results are the same as the original's, in the order of preference on
   * a kind of device; all exports for it if the properties state no preference.
   */
  public List<Export> preferences(Device.Kind device) {
    return values.preferences(List.of(device)).stream().map(ModelExport::export).toList();
  }

  /**
   * Returns whether an export is meant for these CPUs.
   *
   * @param cpus the flags of the CPU of each executor
   */
  public boolean suits(Export export, List<Set<String>> cpus) {
    return cpus.stream().allMatch(values.export(export.name())::suits);
  }

  /** Returns whether {@link #preferred} depends on the devices and CPUs. */
  public boolean hasPreferences() {
    return !settings.namesExport() && values.exportNames().size() > 1;
  }

  /**
   * Returns the export that the settings name, otherwise the preferred one.
   *
   * @param devices the kinds of device that are used, the most important first
   * @param cpus the flags of the CPU of each executor
   */
  public Preference preferred(List<Device.Kind> devices, List<Set<String>> cpus) {
    String named = settings.export();
    return named != null && settings.namesExport()
        ? new Preference(named, null)
        : Preference.of(values.preferences(devices), devices.get(0), cpus);
  }

  /**
   * Returns the export of this name.
   *
   * @throws ModelException if the folder has none, or its file is missing
   */
  public ModelSpec spec(String name) {
    if (!values.exportNames().contains(name)) {
      throw new ModelException(
          "model.export",
          "the model at %s has no export %s; it has %s"
              .formatted(settings.path(), name, String.join(", ", values.exportNames())));
    }
    try {
      ModelExport export = values.export(name);
      ModelFormat format = ModelFormat.of(export.export().engine());
      List<String> labels = labels();
      ExportFiles files = ExportFiles.read(fs, folder, forOtherHosts, file(export, format), format);
      return new ModelSpec(
          files.location(),
          export.export(),
          files.fingerprint(),
          values.input(),
          new ModelOutput(values.taskType(), values.output(name), labels));
    } catch (IOException e) {
      throw new ModelException(
          "model.path",
          "the model at %s cannot be read: %s".formatted(settings.path(), StorageException.why(e)),
          e);
    }
  }

  /**
   * Returns the lines that nothing reads, each with the most similar key that something reads, or
   * with an empty one.
   *
   * @param readings what the task type of an export of this folder has read
   */
  public Map<String, String> unused(Readings readings) {
    Set<String> byTask = readings.keys();
    Set<String> known = new TreeSet<>(values.asked());
    known.addAll(byTask);
    Map<String, String> unused = new TreeMap<>();
    for (String key : values.unused(byTask)) {
      unused.put(key, Words.similar(key, known));
    }
    return unused;
  }

  private String file(ModelExport export, ModelFormat format) throws IOException {
    Set<String> names = new LinkedHashSet<>();
    if (export.file() != null) {
      names.add(export.file());
    } else {
      String modelName = values.get("option.modelName", folder.getName());
      names.addAll(
          List.of(
              modelName,
              modelName + format.ending(),
              folder.getName() + format.ending(),
              "model" + format.ending()));
    }
    for (String name : names) {
      requireNear(name, export);
      if (ExportFiles.isFile(fs, new Path(folder, name))) {
        return name;
      }
    }
    throw new ModelException(
        "model.path",
        "the model at %s has no %s file; expected %s; %s in its %s names another%s"
            .formatted(
                settings.path(),
                format.title(),
                String.join(", ", names),
                keyOfFile(export),
                PROPERTIES,
                others()));
  }

  private void requireNear(String file, ModelExport export) {
    if (!ModelFile.isName(file)) {
      throw new ModelException(
          "model.path",
          "%s of the model at %s is no name of a file: '%s'"
              .formatted(keyOfFile(export), settings.path(), file));
    }
    if (ModelFile.isFar(file)) {
      throw new ModelException(
          "model.path",
          "%s of the model at %s leads too far: %s; a file is in the folder, or in one beside it, such as ../other/%s"
              .formatted(keyOfFile(export), settings.path(), file, file.replaceFirst(".*/", "")));
    }
  }

  private static String keyOfFile(ModelExport export) {
    return export.file() == null
        ? "option.modelName"
        : ModelProperties.key(export.export().name(), "file");
  }

  private String others() throws IOException {
    List<String> others =
        Arrays.stream(fs.listStatus(folder))
            .filter(FileStatus::isFile)
            .map(status -> status.getPath().getName())
            .filter(name -> !name.equals(PROPERTIES) && !name.equals(SYNSET))
            .sorted()
            .limit(3)
            .toList();
    return others.isEmpty() ? "" : "; the folder has " + String.join(", ", others);
  }

  private List<String> labels() throws IOException {
    Path synset = new Path(folder, SYNSET);
    return isText(fs, synset) ? Synset.read(fs, synset) : List.of();
  }

  /** Returns whether a file is there; refuses a folder of its name. */
  private static boolean isText(FileSystem fs, Path path) throws IOException {
    if (!fs.exists(path)) {
      return false;
    }
    if (!fs.getFileStatus(path).isFile()) {
      throw new ModelException(
          "model.path", "%s is a folder; it must be a text file".formatted(path));
    }
    return true;
  }

  private static Properties properties(FileSystem fs, Path path) throws IOException {
    Properties properties = new Properties();
    if (isText(fs, path)) {
      properties.load(
          new ByteArrayInputStream(
              BoundedFile.read(fs, path, MOST_BYTES, "it must have lines of key=value")));
    }
    return properties;
  }
}
