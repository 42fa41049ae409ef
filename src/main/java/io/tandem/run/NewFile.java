package io.tandem.run;

import io.tandem.source.StorageException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSDataOutputStreamBuilder;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Writes a small file in the way of its file system: only if there is none, or as a whole. */
public final class NewFile {
  /** Hadoop's name of "write it unless there is one", from 3.4.2 on. */
  private static final String UNLESS_THERE = "fs.option.create.conditional.overwrite";

  /** How long another writer may be between its look and its write, in seconds. */
  private static final long RACE_SECONDS = 2;

  private final FileSystem fs;
  private final Path path;

  private NewFile(FileSystem fs, Path path) {
    this.fs = fs;
    this.path = path;
  }

  static NewFile of(FileSystem fs, Path path) {
    return new NewFile(fs, path);
  }

  /**
   * Writes a text in UTF-8; returns whether there was no file. An object store that has no
   * conditional write may let two writers succeed: this one then waits, so that its caller sees who
   * was the last.
   */
  boolean write(String text) {
    try {
      return tryToWrite(text);
    } catch (IOException | FSError e) { // Hadoop throws FSError if a local disk is full.
      throw new StorageException("cannot write " + path, e);
    }
  }

  /**
   * Writes a text in UTF-8, or replaces that of a file, so that readers see all of it or nothing,
   * if the process ends too.
   */
  public void writeWhole(String text) {
    try (WholeFile file = WholeFile.create(fs, path)) {
      file.out().write(text.getBytes(StandardCharsets.UTF_8));
      file.commit();
    } catch (IOException | FSError e) { // Hadoop throws FSError if a local disk is full.
      throw new StorageException("cannot write " + path, e);
    }
  }

  private boolean tryToWrite(String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    String scheme = fs.getUri().getScheme();
    if (scheme.equals("file")) {
      return writeLocal(bytes);
    }
    if (!scheme.startsWith("s3")) {
      return create(bytes);
    }
    if (fs.hasPathCapability(path, UNLESS_THERE)) {
      return put(bytes);
    }
    boolean created = create(bytes);
    LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(RACE_SECONDS));
    return created;
  }

  /** Hadoop's local file system looks first, and creates later. */
  private boolean writeLocal(byte[] bytes) throws IOException {
    java.nio.file.Path local = java.nio.file.Path.of(path.toUri().getPath());
    Files.createDirectories(local.getParent());
    try {
      Files.write(local, bytes, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      return true;
    } catch (java.nio.file.FileAlreadyExistsException e) {
      return false;
    }
  }

  private boolean create(byte[] bytes) throws IOException {
    try (FSDataOutputStream out = fs.create(path, false)) {
      out.write(bytes);
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    }
  }

  /** The store refuses the second one when it is closed. */
  private boolean put(byte[] bytes) throws IOException {
    FSDataOutputStreamBuilder<?, ?> builder = fs.createFile(path);
    builder.overwrite(true);
    builder.must(UNLESS_THERE, true);
    try (FSDataOutputStream out = builder.build()) {
      out.write(bytes);
    } catch (IOException e) {
      if (fs.exists(path)) {
        return false;
      }
      throw e;
    }
    return true;
  }
}
