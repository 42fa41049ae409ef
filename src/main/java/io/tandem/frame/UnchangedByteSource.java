package io.tandem.frame;

import io.tandem.source.Frame;
import io.tandem.source.StorageException;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Refuses files that have changed since they were listed. Asks after an image was read, so that a
 * change meanwhile is found too, and when a video is opened.
 *
 * @param files reads the files
 * @param hadoop the configuration of their file system
 */
public record UnchangedByteSource(ByteSource files, Configuration hadoop) implements ByteSource {
  @Override
  public int maxBytes() {
    return files.maxBytes();
  }

  @Override
  public Frame listed(Frame frame) throws FrameException {
    return files.listed(frame);
  }

  @Override
  public byte[] read(Frame frame, byte[] spare) throws FrameException {
    byte[] bytes = files.read(frame, spare);
    requireUnchanged(frame);
    return bytes;
  }

  /** Opens a file that has not changed so far; its video may still change while it is read. */
  @Override
  public FileBytes open(Frame frame) throws FrameException {
    FileBytes bytes = files.open(frame);
    try {
      requireUnchanged(frame);
      return bytes;
    } catch (FrameException e) {
      bytes.close();
      throw e;
    }
  }

  private void requireUnchanged(Frame frame) throws FrameException {
    FileStatus now = status(frame);
    long modified = now.getModificationTime();
    Long listed = frame.modifiedAtMillis();
    if (now.getLen() != frame.length() || (listed != null && modified != listed)) {
      throw new FrameException(
          now.getLen() == frame.length()
              ? "the file was written again after it was taken"
              : "the file had %d bytes when it was taken, and has %d now"
                  .formatted(frame.length(), now.getLen()));
    }
  }

  private FileStatus status(Frame frame) throws FrameException {
    try {
      Path path = new Path(frame.path());
      FileSystem fs = path.getFileSystem(hadoop);
      return (fs instanceof LocalFileSystem local ? local.getRaw() : fs).getFileStatus(path);
    } catch (IOException e) {
      throw new FrameException(
          StorageException.isMissing(e)
              ? "the file has vanished since it was taken"
              : "cannot be read: " + StorageException.why(e),
          e);
    }
  }
}
