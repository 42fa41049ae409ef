package io.tandem.frame;

import io.tandem.source.Frame;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** Frames that were read in advance, so that decoding can be timed by itself. */
public final class FramesInMemory implements ByteSource {
  private static final int THREADS = 16;

  private final Map<Frame, byte[]> bytes = new LinkedHashMap<>();

  private FramesInMemory() {}

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
        total += frame.length();
        if (reading.isEmpty() || total <= maxBytes) {
          reading.put(frame, CompletableFuture.supplyAsync(() -> whole(source, frame), threads));
        }
      }
      FramesInMemory read = new FramesInMemory();
      reading.forEach(
          (frame, future) -> {
            byte[] whole = future.join();
            if (whole != null) {
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
      byte[] whole = new byte[ByteSource.length(frame)];
      source.read(frame, whole);
      return whole;
    } catch (FrameException e) {
      return null;
    }
  }

  /** Returns the frames that were read, in their order. */
  public List<Frame> frames() {
    return List.copyOf(bytes.keySet());
  }

  @Override
  public void read(Frame frame, byte[] into) throws FrameException {
    byte[] whole = bytes.get(frame);
    if (whole == null) {
      throw new FrameException("is not in memory");
    }
    System.arraycopy(whole, 0, into, 0, whole.length);
  }
}
