package io.tandem.frame;

import io.tandem.source.Frame;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * Images that were read in advance, so that decoding can be timed by itself. Videos are read from
 * their files.
 */
public final class FramesInMemory implements ByteSource {
  private static final int THREADS = 16;
  private static final byte[] NONE = {};

  private final Map<Frame, byte[]> bytes = new LinkedHashMap<>();

  private final List<Frame> frames = new ArrayList<>();
  private final ByteSource source;

  private FramesInMemory(ByteSource source) {
    this.source = source;
  }

  /**
   * Reads frames from the first one on until they have {@code maxBytes} together, but at least one.
   * Frames that cannot be read are left out.
   */
  public static FramesInMemory read(ByteSource source, List<Frame> frames, long maxBytes) {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      Map<Frame, CompletableFuture<byte @Nullable []>> reading = new LinkedHashMap<>();
      long total = 0;
      for (Frame frame : frames) {
        if (frame.run() != null) {
          reading.put(frame, CompletableFuture.completedFuture(NONE));
          continue;
        }
        long with = total + frame.length();
        if (with <= maxBytes || (total == 0 && with <= source.maxBytes())) {
          total = with;
          reading.put(frame, CompletableFuture.supplyAsync(() -> whole(source, frame), threads));
        }
      }
      FramesInMemory read = new FramesInMemory(source);
      reading.forEach(
          (frame, future) -> {
            byte[] whole = future.join();
            if (whole != null) {
              read.frames.add(frame);
              read.bytes.put(frame, whole);
            }
          });
      return read;
    } finally {
      threads.shutdownNow();
    }
  }

  private static byte @Nullable [] whole(ByteSource source, Frame frame) {
    try {
      return source.read(frame, NONE);
    } catch (FrameException e) {
      return null;
    }
  }

  /** Returns the frames that were read, in their order. */
  public List<Frame> frames() {
    return List.copyOf(frames);
  }

  @Override
  public FileBytes open(Frame frame) throws FrameException {
    return source.open(frame);
  }

  @Override
  public byte[] read(Frame frame, byte[] spare) throws FrameException {
    byte[] whole = bytes.get(frame);
    if (whole == null) {
      throw new FrameException("is not in memory");
    }
    int length = ByteSource.length(frame);
    byte[] into = length <= spare.length ? spare : new byte[whole.length];
    System.arraycopy(whole, 0, into, 0, length);
    return into;
  }
}
