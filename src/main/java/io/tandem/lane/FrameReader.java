package io.tandem.lane;

import io.tandem.frame.FrameException;
import io.tandem.source.Frame;
import io.tandem.source.StorageException;
import java.io.EOFException;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;

/** Reads whole frames through Hadoop's FileSystem. */
public final class FrameReader implements FrameSource {
  /** The largest array that every JVM can make. */
  private static final int MAX_BYTES = Integer.MAX_VALUE - 16;

  private final Configuration hadoop;

  public FrameReader(Configuration hadoop) {
    this.hadoop = hadoop;
  }

  /**
   * How many bytes {@link #read} will need.
   *
   * @throws FrameException where the frame is listed as missing, as empty, or as over 2 GB
   */
  static int length(Frame frame) throws FrameException {
    if (frame.missing()) {
      throw new FrameException(StorageException.MISSING);
    }
    if (frame.length() == 0) {
      throw new FrameException("the file is empty");
    }
    if (frame.length() > MAX_BYTES) {
      throw new FrameException("the file has %d bytes, over 2 GB".formatted(frame.length()));
    }
    return (int) frame.length();
  }

  @Override
  public void read(Frame frame, byte[] into) throws FrameException {
    int length = length(frame);
    Path path = new Path(frame.path());
    try (FSDataInputStream in = open(path, frame)) {
      in.readFully(0, into, 0, length);
    } catch (EOFException e) {
      throw new FrameException("the file is shorter than its listed %d bytes".formatted(length), e);
    } catch (IOException e) {
      throw new FrameException(
          StorageException.isMissing(e)
              ? StorageException.MISSING
              : "cannot be read: " + StorageException.why(e),
          e);
    }
  }

  /** Opens with what the listing told, so that an object store need not be asked again. */
  private FSDataInputStream open(Path path, Frame frame) throws IOException {
    FileSystem fs = path.getFileSystem(hadoop);
    if (fs instanceof LocalFileSystem local) {
      fs = local.getRaw(); // The other one looks for a checksum file first, by a name of its own.
    }
    CompletableFuture<FSDataInputStream> opening =
        fs.openFile(path)
            .opt("fs.option.openfile.read.policy", "whole-file")
            .opt("fs.option.openfile.length", Long.toString(frame.length()))
            .build();
    try {
      return opening.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof IOException cause) {
        throw cause;
      }
      throw e;
    }
  }
}
