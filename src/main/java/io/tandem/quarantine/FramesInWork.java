package io.tandem.quarantine;

import io.tandem.run.RunFolder;
import io.tandem.source.Frame;
import io.tandem.source.StorageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The frames that the lanes of this JVM work on, for a driver that predicts by itself: a file with
 * a byte for each frame of a range, mapped into memory, so that the kernel keeps what was written
 * last when the process ends without a word. Deleted when the work ends otherwise. Thread-safe.
 */
final class FramesInWork implements LostFrames.Watching {
  /** The index of the first frame, as an int. */
  private static final int HEADER = 4;

  private static final byte TOGETHER = 1;
  private static final byte ALONE = 2;

  private static volatile @Nullable FramesInWork ofThisJvm;

  private final Path file;
  private final int first;
  private final MappedByteBuffer states;

  private FramesInWork(Path file, int first, MappedByteBuffer states) {
    this.file = file;
    this.first = first;
    this.states = states;
  }

  /**
   * Starts to note the frames in work.
   *
   * @param first the index of the first frame
   * @param frames the number of frames from there on
   */
  static FramesInWork start(RunFolder run, int first, int frames) {
    Path file = file(run);
    try {
      byte[] clear = ByteBuffer.allocate(HEADER + frames).putInt(first).array();
      Files.write(file, clear); // A full disk is noticed here, not in a mapped page.
      try (FileChannel channel =
          FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
        FramesInWork started =
            new FramesInWork(
                file, first, channel.map(FileChannel.MapMode.READ_WRITE, HEADER, frames));
        ofThisJvm = started;
        return started;
      }
    } catch (IOException e) {
      throw new StorageException("cannot write " + file, e);
    }
  }

  /** Returns those of the job that predicts in this JVM; null if there is none. */
  static @Nullable FramesInWork ofThisJvm() {
    return ofThisJvm;
  }

  /**
   * A frame that was in work when a process ended.
   *
   * @param index its position in the listing of that process
   */
  record Left(int index, boolean alone) {}

  /** Returns what the process that wrote the run before left behind; empty if it ended orderly. */
  static List<Left> left(RunFolder run) {
    Path file = file(run);
    if (!Files.exists(file)) {
      return List.of();
    }
    try {
      ByteBuffer states = ByteBuffer.wrap(Files.readAllBytes(file));
      List<Left> left = new ArrayList<>();
      int index = states.remaining() < HEADER ? 0 : states.getInt();
      for (; states.hasRemaining(); index++) {
        byte state = states.get();
        if (state != 0) {
          left.add(new Left(index, state == ALONE));
        }
      }
      return left;
    } catch (IOException e) {
      throw new StorageException("cannot read " + file, e);
    }
  }

  /** Forgets what a process left behind. */
  static void forget(RunFolder run) {
    delete(file(run));
  }

  /** In the run folder if it is of this machine, otherwise among this machine's temporary files. */
  private static Path file(RunFolder run) {
    return run.path().startsWith("/")
        ? Path.of(run.path(), "_in-work")
        : Path.of(
            System.getProperty("java.io.tmpdir"),
            "tandem-in-work-"
                + UUID.nameUUIDFromBytes(run.path().getBytes(StandardCharsets.UTF_8)));
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new StorageException("cannot remove " + file, e);
    }
  }

  Watch watch(Watch known) {
    return new Noting(known);
  }

  private final class Noting implements Watch {
    private final Watch known;

    Noting(Watch known) {
      this.known = known;
    }

    @Override
    public boolean isOneByOne() {
      return known.isOneByOne();
    }

    @Override
    public Standing standing(Frame frame) {
      return known.standing(frame);
    }

    @Override
    public void begin(Frame frame, boolean alone) {
      states.put(frame.index() - first, alone ? ALONE : TOGETHER);
    }

    @Override
    public void end(Frame frame) {
      states.put(frame.index() - first, (byte) 0);
    }

    @Override
    public void close() {}
  }

  @Override
  public void close() {
    ofThisJvm = null;
    delete(file);
  }
}
