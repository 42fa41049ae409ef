package io.tandem.frame;

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
public final class HadoopByteSource implements ByteSource {
  private final Configuration hadoop;

  /** Creates a source that opens files with this configuration. */
  public HadoopByteSource(Configuration hadoop) {
    this.hadoop = hadoop;
  }

  @Override
  public void read(Frame frame, byte[] into) throws FrameException {
    int length = ByteSource.length(frame);
    try (FSDataInputStream in = open(new Path(frame.path()), frame)) {
      in.readFully(0, into, 0, length);
    } catch (EOFException e) {
      throw new FrameException("the file is shorter than its listed %d bytes".formatted(length), e);
    } catch (IOException e) {
      throw new FrameException(
          StorageException.isMissing(e)
              ? StorageException.MISSING
              : "cannot be read: " + StorageException.why(e),
          e);
    } catch (RuntimeException e) { // An invalid path or host name: this frame's fault alone.
      throw new FrameException("cannot be read: " + StorageException.why(e), e);
    }
  }

  /** Opens the file with the listed length, so that an object store need not look it up. */
  private FSDataInputStream open(Path path, Frame frame) throws IOException {
    FileSystem fs = path.getFileSystem(hadoop);
    if (fs instanceof LocalFileSystem local) {
      fs = local.getRaw(); // The checked one looks for a checksum file first.
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
      if (e.getCause() instanceof Error bug) {
        throw bug;
      }
      throw e;
    }
  }
}
