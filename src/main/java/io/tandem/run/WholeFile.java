package io.tandem.run;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A file that is there as a whole or not at all, whoever else writes it: it is written under
 * another name that it loses when it is whole, or by one request where only whole files appear.
 * Closed before it is committed, it is dropped.
 */
final class WholeFile implements AutoCloseable {
  private static final AtomicLong NUMBER = new AtomicLong();
  private static final String ABORT = "fs.capability.outputstream.abortable";

  private final FileSystem fs;
  private final Path path;
  private final Path temporary;
  private final FSDataOutputStream out;
  private boolean isEnded;

  private WholeFile(FileSystem fs, Path path) throws IOException {
    this.fs = fs;
    this.path = path;
    this.temporary =
        appearsWhole(fs)
            ? path
            : new Path(
                path.getParent(),
                "_%s.%d-%s"
                    .formatted(
                        path.getName(),
                        NUMBER.incrementAndGet(),
                        Long.toHexString(ProcessHandle.current().pid())));
    this.out = fs.create(temporary, true);
  }

  /**
   * Starts a file, or its replacement.
   *
   * @throws IOException if it cannot be created
   */
  static WholeFile create(Path path, Configuration hadoop) throws IOException {
    return create(fileSystem(path, hadoop), path);
  }

  /** Starts a file, or its replacement, on this file system. */
  static WholeFile create(FileSystem fs, Path path) throws IOException {
    try {
      return new WholeFile(fs, path);
    } catch (FSError e) { // Hadoop throws it if a local disk is full.
      throw new IOException(e.getMessage(), e);
    }
  }

  /** Returns the file system of a path; a local one writes no second file of checksums. */
  static FileSystem fileSystem(Path path, Configuration hadoop) throws IOException {
    FileSystem fs = path.getFileSystem(hadoop);
    return fs instanceof LocalFileSystem local ? local.getRaw() : fs;
  }

  private static boolean appearsWhole(FileSystem fs) {
    return fs.getUri().getScheme().toLowerCase(Locale.ROOT).startsWith("s3");
  }

  /** Returns the stream to write to, which is not to be closed. */
  OutputStream out() {
    return out;
  }

  /**
   * Makes the file appear.
   *
   * @throws IOException if it cannot be written; it is to be closed even so
   */
  void commit() throws IOException {
    try {
      out.close();
    } catch (FSError e) {
      throw new IOException(e.getMessage(), e);
    }
    if (!temporary.equals(path)) {
      rename(fs, temporary, path);
    }
    isEnded = true;
  }

  /** Renames a file, over one that is there. */
  static void rename(FileSystem fs, Path from, Path to) throws IOException {
    if (!fs.rename(from, to)) {
      fs.delete(to, false);
      if (!fs.rename(from, to)) {
        throw new IOException("%s cannot be renamed to %s".formatted(from, to.getName()));
      }
    }
  }

  @Override
  public void close() throws IOException {
    if (isEnded) {
      return;
    }
    isEnded = true;
    if (out.hasCapability(ABORT)) {
      out.abort();
      return;
    }
    try {
      out.close();
    } finally {
      fs.delete(temporary, false);
    }
  }
}
