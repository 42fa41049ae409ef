package io.tandem.model;

import io.tandem.conf.Export;
import io.tandem.conf.Settings;
import io.tandem.model.ModelSpec.ModelFile;
import io.tandem.model.ModelSpec.ModelOutput;
import io.tandem.source.GivenPath;
import io.tandem.source.S3Endpoint;
import io.tandem.source.StorageException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A model's folder in DJL's layout: a model file, {@code serving.properties}, {@code synset.txt}.
 * Describes its content, and reports missing parts in one sentence.
 */
public final class ModelFolder {
  private static final String PROPERTIES = ModelProperties.FILE;
  private static final String SYNSET = "synset.txt";

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

  /**
   * Returns the precisions that the folder's properties name; a folder with one export has "fp32".
   */
  public List<String> precisions() {
    return values.list("precisions", "fp32");
  }

  /** Returns the export of the settings' precision, otherwise the folder's first. */
  public ModelSpec spec() {
    String precision = settings.precision();
    return spec(precision == null ? precisions().get(0) : precision);
  }

  /** Returns the export of this precision. */
  public ModelSpec spec(String precision) {
    if (!precisions().contains(precision)) {
      throw new ModelException(
          "model.precision",
          "the model at %s has no %s export; it has %s"
              .formatted(settings.path(), precision, String.join(", ", precisions())));
    }
    try {
      ModelFormat format = ModelFormat.of(values.get("engine"));
      String file = file(precision, format);
      Content content = content(file);
      return new ModelSpec(
          new ModelFile(folder.toString(), file, content.length(), content.sha256()),
          new Export(precision, format.engine(), precision),
          content.fingerprint(),
          values.input(),
          new ModelOutput(TaskType.CLASSIFICATION, values.output(), labels()));
    } catch (IOException e) {
      throw new ModelException(
          "model.path",
          "the model at %s cannot be read: %s".formatted(settings.path(), StorageException.why(e)),
          e);
    }
  }

  private String file(String precision, ModelFormat format) throws IOException {
    Set<String> names = new LinkedHashSet<>();
    String named = values.get("file." + precision);
    if (named != null) {
      names.add(named);
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
      if (fs.exists(new Path(folder, name)) && fs.getFileStatus(new Path(folder, name)).isFile()) {
        return name;
      }
    }
    throw new ModelException(
        "model.path",
        "the model at %s has no %s file; expected %s; option.modelName in its %s names another%s"
            .formatted(
                settings.path(), format.title(), String.join(", ", names), PROPERTIES, others()));
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
    if (!fs.exists(synset)) {
      return List.of();
    }
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(fs.open(synset), StandardCharsets.UTF_8))) {
      return lines
          .lines()
          .map(line -> line.replace("\uFEFF", "").strip())
          .filter(line -> !line.isEmpty())
          .toList();
    }
  }

  private record Content(long length, String sha256, String fingerprint) {}

  /** Reads the file; the fingerprint covers the names and bytes of all files of the export. */
  private Content content(String file) throws IOException {
    MessageDigest all = ModelFiles.sha256();
    long length = 0;
    String sha256 = "";
    // The export's own file comes last, so that what stays is of it.
    for (String name : List.of(PROPERTIES, SYNSET, file)) {
      Path path = new Path(folder, name);
      if (fs.exists(path)) {
        length = fs.getFileStatus(path).getLen();
        all.update((name + '\n' + length + '\n').getBytes(StandardCharsets.UTF_8));
        InputStream in = new DigestInputStream(fs.open(path), all);
        if (forOtherHosts) {
          sha256 = ModelFiles.copy(in, OutputStream.nullOutputStream());
        } else {
          ModelFiles.drain(in);
        }
      }
    }
    return new Content(length, sha256, HexFormat.of().formatHex(all.digest()));
  }

  private static Properties properties(FileSystem fs, Path path) throws IOException {
    Properties properties = new Properties();
    if (fs.exists(path)) {
      try (InputStream in = fs.open(path)) {
        properties.load(in);
      }
    }
    return properties;
  }
}
