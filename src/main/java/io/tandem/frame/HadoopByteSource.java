package io.tandem.frame;

import io.tandem.conf.AutoInt;
import io.tandem.source.Frame;
import io.tandem.source.GivenPath;
import io.tandem.source.StorageException;
import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;

/** Reads files, or parts of them, through Hadoop's FileSystem. */
public final class HadoopByteSource implements ByteSource {
  /** What is allocated at once, whatever length is listed. */
  private static final int FIRST_BYTES = 4 << 20;

  private static final int LEAST_BOUND = 64 << 20;

  private final Configuration hadoop;
  private final int maxBytes;
  private final double timeoutSeconds;

  /**
   * Creates a source that opens files with this configuration.
   *
   * @param maxBytes the size of the largest file that it reads; auto: half of this JVM's heap
   *     divided by the cores, but at least 64 MB
   */
  public HadoopByteSource(Configuration hadoop, AutoInt maxBytes) {
    this(hadoop, maxBytes, 0);
  }

  /**
   * Creates a source that opens files with this configuration.
   *
   * @param maxBytes as above
   * @param timeoutSeconds how long reading a part of a file may last; 0 means as long as it takes
   */
  public HadoopByteSource(Configuration hadoop, AutoInt maxBytes, double timeoutSeconds) {
    this.hadoop = hadoop;
    this.timeoutSeconds = timeoutSeconds;
    this.maxBytes = Math.min(MAX_BYTES, maxBytes.orElse(shareOfACore()));
  }

  private static int shareOfACore() {
    Runtime jvm = Runtime.getRuntime();
    long share = jvm.maxMemory() / 2 / jvm.availableProcessors();
    return (int) Math.max(LEAST_BOUND, Math.min(MAX_BYTES, share));
  }

  @Override
  public int maxBytes() {
    return maxBytes;
  }

  /**
   * Looks the file up. If there is no {@code a%20b.jpg}, takes {@code a b.jpg}, because Spark and
   * browsers name files in this way.
   */
  @Override
  public Frame listed(Frame frame) throws FrameException {
    if (frame.length() != Frame.UNLISTED || frame.problem() != null) {
      return frame;
    }
    String decoded = GivenPath.decoded(frame.path());
    try {
      return named(frame.path(), frame.index());
    } catch (IOException | RuntimeException e) {
      if (decoded == null) {
        throw unreadable(e);
      }
    }
    try {
      return named(decoded, frame.index());
    } catch (IOException | RuntimeException e) {
      throw unreadable(e);
    }
  }

  private Frame named(String name, int index) throws IOException, FrameException {
    Path path = new Path(name);
    FileStatus file = fileSystem(path).getFileStatus(path);
    if (file.isDirectory()) {
      throw new FrameException("is a folder, not a file");
    }
    return Frame.image(name, file.getLen(), file.getModificationTime(), index);
  }

  private static FrameException unreadable(Exception e) {
    boolean missing = e instanceof IOException io && StorageException.isMissing(io);
    return new FrameException(
        missing ? StorageException.MISSING : "cannot be read: " + StorageException.why(e), e);
  }

  @Override
  public byte[] read(Frame frame, byte[] spare) throws FrameException {
    int length = ByteSource.length(frame);
    if (length > maxBytes) {
      throw new FrameException(
          "too large: %d bytes are more than the %d that one frame may have here (frames.max-bytes)"
              .formatted(length, maxBytes));
    }
    try (FSDataInputStream in = open(new Path(frame.path()), frame, "whole-file")) {
      return read(in, length, spare);
    } catch (EOFException e) {
      throw new FrameException("the file is shorter than its listed %d bytes".formatted(length), e);
    } catch (IOException | RuntimeException e) { // Also an invalid path: this frame's fault alone.
      throw unreadable(e);
    }
  }

  @Override
  public FileBytes open(Frame frame) throws FrameException {
    if (frame.problem() != null) {
      throw new FrameException(frame.problem());
    }
    if (frame.length() == 0) {
      throw new FrameException("the file is empty");
    }
    return new HadoopFileBytes(
        () -> open(new Path(frame.path()), frame, "sequential"),
        frame.length(),
        (long) (timeoutSeconds * 1e9));
  }

  /** Reads a common file at once; a large one in steps, so that memory is taken for real bytes. */
  private static byte[] read(FSDataInputStream in, int length, byte[] spare) throws IOException {
    int first = Math.max(FIRST_BYTES, spare.length);
    if (length <= first) {
      byte[] whole = length <= spare.length ? spare : new byte[roomFor(length)];
      in.readFully(0, whole, 0, length);
      return whole;
    }
    byte[] grown = spare.length == first ? spare : new byte[first];
    int read = 0;
    while (read < length) {
      if (read == grown.length) {
        grown = Arrays.copyOf(grown, (int) Math.min(roomFor(length), 2L * read));
      }
      int most = Math.min(length, grown.length) - read;
      in.readFully(grown, read, most);
      read += most;
    }
    return grown;
  }

  /** A quarter more, for the next frames. */
  private static int roomFor(int length) {
    return (int) Math.min(MAX_BYTES, length + (long) length / 4);
  }

  /** Returns the file system; of local files the raw one, which looks for no checksum file. */
  private FileSystem fileSystem(Path path) throws IOException {
    FileSystem fs = path.getFileSystem(hadoop);
    return fs instanceof LocalFileSystem local ? local.getRaw() : fs;
  }

  /** Opens the file with the listed length, so that an object store need not look it up. */
  private FSDataInputStream open(Path path, Frame frame, String policy) throws IOException {
    CompletableFuture<FSDataInputStream> opening =
        fileSystem(path)
            .openFile(path)
            .opt("fs.option.openfile.read.policy", policy)
            .opt("fs.option.openfile.length", Long.toString(frame.length()))
            .build();
    try {
      return opening.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof IOException cause) {
        throw cause;
      }
      if (e.getCause() instanceof Error bug) {
        throw bug;
      }
      throw e;
    }
  }
}
