package io.tandem.source;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The data files of a manifest in name order, their format, derived from the names, and their
 * dialect, that of the first one.
 */
record ManifestFiles(Format format, List<String> paths, ManifestDialect dialect) {

  /** A file format: its name in Spark, and a pattern of its file name extensions. */
  enum Format {
    CSV("csv", "csv(\\.gz)?"),
    TSV("csv", "tsv(\\.gz)?"),
    JSON("json", "(json|jsonl|ndjson)(\\.gz)?"),
    PARQUET("parquet", "parquet");

    final String sparkName;
    private final String ending;

    Format(String sparkName, String ending) {
      this.sparkName = sparkName;
      this.ending = ending;
    }

    private boolean fits(Path path) {
      return path.getName().toLowerCase(Locale.ROOT).matches(".*\\." + ending);
    }
  }

  /**
   * Finds the files of a manifest.
   *
   * @param name a file, or a folder of files of one format
   * @throws FramesException if there is no file, or its format is unknown
   */
  static ManifestFiles find(String name, Configuration hadoop) {
    S3Endpoint.requireFor(name, hadoop);
    if (GivenPath.isWeb(name)) {
      throw new FramesException(
          "frames.manifest", "the manifest %s is on the web; download it first".formatted(name));
    }
    try {
      Path given = GivenPath.of(name);
      FileSystem fs = given.getFileSystem(hadoop);
      Path path = fs.makeQualified(given);
      List<Path> files =
          fs.getFileStatus(path).isFile()
              ? List.of(path)
              : Arrays.stream(fs.listStatus(path))
                  .filter(FileStatus::isFile)
                  .map(FileStatus::getPath)
                  .filter(file -> !file.getName().matches("[._].*"))
                  .sorted()
                  .toList();
      return of(name, files, fs);
    } catch (FileNotFoundException e) {
      throw new FramesException(
          "frames.manifest", "no manifest at %s; there is no such file".formatted(name), e);
    } catch (IOException | IllegalArgumentException e) {
      throw new FramesException(
          "frames.manifest",
          "the manifest %s cannot be read: %s".formatted(name, StorageException.why(e)),
          e);
    }
  }

  /** Spark ignores some files silently, and cannot open others. */
  private static void requireReadable(String name, Path file) {
    String why =
        file.getName().matches("[._].*")
            ? "begins with %s, and Spark ignores such files".formatted(file.getName().charAt(0))
            : file.getName().contains(":") && "file".equals(file.toUri().getScheme())
                ? "has a colon, and Spark cannot read it"
                : null;
    if (why != null) {
      throw new FramesException(
          "frames.manifest", "the name of the manifest %s %s; rename it".formatted(name, why));
    }
  }

  private static ManifestFiles of(String name, List<Path> files, FileSystem fs) throws IOException {
    if (files.isEmpty()) {
      throw new FramesException(
          "frames.manifest", "the manifest %s is a folder without a file".formatted(name));
    }
    if (files.size() == 1) {
      requireReadable(name, files.get(0));
    }
    for (Format format : Format.values()) {
      if (files.stream().allMatch(format::fits)) {
        return new ManifestFiles(
            format,
            files.stream().map(Path::toString).toList(),
            format == Format.PARQUET
                ? ManifestDialect.NONE
                : ManifestDialect.of(name, format, files.get(0), fs));
      }
    }
    throw new FramesException(
        "frames.manifest",
        "the manifest %s has an unknown format; its files must be named .csv, .tsv, .jsonl, .ndjson, .json (these also with .gz) or .parquet, all alike"
            .formatted(name));
  }
}
