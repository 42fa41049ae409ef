package io.tandem.run;

import io.tandem.conf.OutputSettings;
import io.tandem.source.GivenPath;
import io.tandem.source.ManifestInfo;
import io.tandem.source.S3Endpoint;
import io.tandem.source.StorageException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.SparkHadoopUtil;

/** The output folder of a run, on any file system that Hadoop supports. */
public final class RunFolder {
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");

  /** The file that appears when a run has ended, as Hadoop's committers have it. */
  private static final String ENDED = "_SUCCESS";

  private static final int MOST_TEXT_BYTES = 1 << 26;
  private static final int MOST_BYTES = 1 << 29;

  private final FileSystem fs;
  private final Path path;

  private RunFolder(FileSystem fs, Path path) {
    this.fs = fs;
    this.path = path;
  }

  /**
   * Returns the folder of a new run, without creating it.
   *
   * @throws RunFolderException if it exists
   */
  public static RunFolder planned(String command, OutputSettings settings, Configuration hadoop) {
    String named = settings.path();
    String path =
        named != null
            ? named
            : "out/" + command + "-" + LocalDateTime.now(ZoneId.systemDefault()).format(TIME);
    RunFolder folder = at(path, hadoop);
    if (folder.holds("")) {
      String what =
          folder.isEnded()
              ? "exists; choose another, or remove it"
              : "holds a run that has not ended%s; choose another, or continue it by --resume %s"
                  .formatted(RunClaim.holderOf(folder), folder.path());
      throw new RunFolderException(
          "output.path", "the output folder %s %s".formatted(folder.path(), what));
    }
    return folder;
  }

  /**
   * Creates the folder, and claims it for this process.
   *
   * @throws RunFolderException if it cannot be created, or if another process has claimed it
   */
  public void create() {
    try {
      if (fs.mkdirs(path)) {
        RunClaim.first(this);
        return;
      }
      throw new RunFolderException(
          "output.path",
          "the output folder %s cannot be created; choose another".formatted(path()));
    } catch (IOException e) {
      throw new RunFolderException(
          "output.path",
          "the output folder %s cannot be created (%s); choose another"
              .formatted(path(), StorageException.why(e)),
          e);
    }
  }

  /**
   * Returns the folder of a run that did not end, claimed for this process.
   *
   * @param takeOver whether a process of another host, of which nothing is known, has ended
   * @throws RunFolderException if it is no run folder, or if another process writes it
   */
  public static RunFolder resumed(String path, boolean takeOver, Configuration hadoop) {
    RunFolder folder = at(path, hadoop);
    folder.requireRecord();
    RunClaim.again(folder, takeOver);
    return folder;
  }

  /** Records that the run has not ended, or does so no more. */
  public void reopen() {
    delete(ENDED);
  }

  /** Records that the run has ended, and is complete. */
  public void end() {
    write(ENDED, "");
  }

  /** Returns the id of the run, which stays the same when it is resumed. */
  public String id() {
    return RunClaim.firstId(this);
  }

  /** Records that this process writes no more, although the run has not ended. */
  public void release() {
    RunClaim.release(this);
  }

  /** Returns whether the run has ended; older runs did not record it, and count as ended. */
  public boolean isEnded() {
    return exists(ENDED) || !exists(RunClaim.FOLDER);
  }

  /**
   * Returns the folder of a previous run.
   *
   * @throws RunFolderException if it is not a run folder
   */
  public static RunFolder existing(String path, Configuration hadoop) {
    RunFolder folder = at(path, hadoop);
    if (!folder.holds("predictions")) {
      throw new RunFolderException(
          null, "%s is not a run folder: it has no predictions/".formatted(folder.path()));
    }
    return folder;
  }

  /**
   * Returns the folder of a run that has written its settings; needs no Spark session.
   *
   * @throws RunFolderException if it is not a run folder
   */
  public static RunFolder recorded(String path) {
    RunFolder folder = at(path, SparkHadoopUtil.get().newConfiguration(new SparkConf()));
    folder.requireRecord();
    return folder;
  }

  private void requireRecord() {
    for (String name : List.of("settings.conf", "environment.json")) {
      if (!holds(name)) {
        throw new RunFolderException(
            null, "%s is not a run folder: it has no %s".formatted(path(), name));
      }
    }
  }

  private static RunFolder at(String path, Configuration hadoop) {
    S3Endpoint.requireFor(path, hadoop);
    try {
      Path given = GivenPath.of(path);
      FileSystem fs = given.getFileSystem(hadoop);
      return new RunFolder(fs, fs.makeQualified(given));
    } catch (IOException | RuntimeException e) {
      throw new RunFolderException(
          null, "invalid run folder path %s: %s".formatted(path, StorageException.why(e)), e);
    }
  }

  /** Returns the path of the folder; without the scheme if it is local. */
  public String path() {
    return "file".equals(path.toUri().getScheme()) ? path.toUri().getPath() : path.toString();
  }

  /** Returns the full path of a file in the folder. */
  public String path(String name) {
    return new Path(path, name).toString();
  }

  /** Returns whether a file exists in the folder; an empty name is the folder itself. */
  public boolean exists(String name) {
    try {
      return fs.exists(RunPaths.inside(path, name));
    } catch (IOException e) {
      throw new StorageException("cannot access " + path(), e);
    }
  }

  /** Returns the names of the files in a subfolder, in order; none if there is no such folder. */
  public List<String> files(String name) {
    return exists(name) ? Listing.files(fs, RunPaths.inside(path, name)) : List.of();
  }

  /** Deletes what killed tasks left in a table: the next job would commit it. */
  void deleteUncommitted(String name) {
    if (exists(name)) {
      Listing.deleteUncommitted(fs, RunPaths.inside(path, name));
    }
  }

  /** Returns the length of all files in a subfolder, in bytes; 0 if there is none. */
  long bytes(String name) {
    try {
      return exists(name) ? fs.getContentSummary(RunPaths.inside(path, name)).getLength() : 0;
    } catch (IOException e) {
      throw new StorageException("cannot access " + path(name), e);
    }
  }

  /** Returns the same for a folder that the user named; an unreadable one is an invalid call. */
  private boolean holds(String name) {
    try {
      return exists(name);
    } catch (StorageException e) {
      throw new RunFolderException(null, String.valueOf(e.getMessage()), e);
    }
  }

  /** Writes {@code duplicates.csv} if the manifest has duplicate rows. */
  public void writeDuplicates(List<ManifestInfo.Duplicate> duplicates) {
    if (!duplicates.isEmpty()) {
      write("duplicates.csv", DuplicatesCsv.of(duplicates));
    }
  }

  /** Writes a text file in UTF-8, replacing an existing one. */
  public void write(String name, String text) {
    write(name, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
  }

  /** Returns a file of the folder that is created or replaced as a whole. */
  public NewFile newFile(String name) {
    return NewFile.of(fs, RunPaths.inside(path, name));
  }

  /** Writes the content of a file. */
  public interface Content {
    /** Writes the content; may close the stream. */
    void to(OutputStream out) throws IOException;
  }

  /** Writes a file, replacing an existing one. */
  public void write(String name, Content content) {
    try (FSDataOutputStream out = fs.create(RunPaths.writable(path, name), true)) {
      content.to(out);
    } catch (IOException | FSError e) { // Hadoop throws FSError if a local disk is full.
      throw new StorageException("cannot write " + path(name), e);
    }
  }

  /**
   * Returns the text of a file in UTF-8.
   *
   * @throws RunFolderException if it has more than 64 MB
   */
  public String read(String name) {
    return new String(bytes(name, MOST_TEXT_BYTES), StandardCharsets.UTF_8);
  }

  /**
   * Returns the content of a file.
   *
   * @param name its name, as a table of the run has it
   * @throws RunFolderException if the name leads out of the folder, or if it has more than 512 MB
   */
  public byte[] readBytes(String name) {
    return bytes(name, MOST_BYTES);
  }

  private byte[] bytes(String name, int most) {
    try (var in = fs.open(RunPaths.readable(path, name))) {
      byte[] bytes = in.readNBytes(most);
      if (bytes.length == most) {
        throw new RunFolderException(
            null, "%s is not of a run: it has more than %,d bytes".formatted(path(name), most));
      }
      return bytes;
    } catch (IOException e) {
      throw new StorageException("cannot read " + path(name), e);
    }
  }

  /**
   * Deletes a file or subfolder, recursively.
   *
   * @param name its name; empty for the folder itself
   */
  public void delete(String name) {
    try {
      fs.delete(RunPaths.inside(path, name), true);
    } catch (IOException e) {
      throw new StorageException("cannot remove " + path(name), e);
    }
  }
}
