package io.tandem.frame;

import io.tandem.timing.DaemonThreads;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.hadoop.fs.FSDataInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads parts of a file of Hadoop's file systems by a thread of its own, ahead while it is read in
 * order: at most 2 MiB, so that memory does not depend on the length of the file.
 */
final class HadoopFileBytes implements FileBytes {
  private static final int BLOCK_BYTES = 256 << 10;
  private static final int MOST_AHEAD = 8;

  private final Callable<FSDataInputStream> opener;
  private final long length;
  private final long timeoutNanos;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(DaemonThreads.named("tandem-video-read"));
  private final Deque<Block> ahead = new ArrayDeque<>();
  private @Nullable Block current;
  private int inOrder;

  /** Confined to the reading thread. */
  private @Nullable FSDataInputStream in;

  private record Block(long from, int length, Future<byte[]> bytes) {
    boolean has(long position) {
      return from <= position && position < from + length;
    }
  }

  /**
   * Creates a reader; nothing is opened yet.
   *
   * @param timeoutNanos how long a read may last; 0 means as long as it takes
   */
  HadoopFileBytes(Callable<FSDataInputStream> opener, long length, long timeoutNanos) {
    this.opener = opener;
    this.length = length;
    this.timeoutNanos = timeoutNanos;
  }

  @Override
  public long length() {
    return length;
  }

  @Override
  public Part read(long position) throws IOException {
    Block block = current;
    if (block == null || !block.has(position)) {
      block = next(position);
      current = block;
    }
    byte[] bytes = await(block);
    int from = (int) (position - block.from);
    if (from >= bytes.length) {
      throw new EOFException("the file is shorter than its listed %d bytes".formatted(length));
    }
    return new Part(bytes, from, bytes.length - from);
  }

  private Block next(long position) {
    Block next = ahead.poll();
    if (next != null && next.has(position)) {
      inOrder++;
    } else {
      inOrder = 0;
      discard(next);
      next = submit(position);
    }
    long end = next.from + next.length;
    for (Block block : ahead) {
      end = block.from + block.length;
    }
    while (ahead.size() < Math.min(MOST_AHEAD, 1 << Math.min(inOrder, 3)) && end < length) {
      Block more = submit(end);
      ahead.add(more);
      end += more.length;
    }
    return next;
  }

  private void discard(@Nullable Block polled) {
    if (polled != null) {
      polled.bytes.cancel(false);
    }
    ahead.forEach(block -> block.bytes.cancel(false));
    ahead.clear();
  }

  private Block submit(long from) {
    int bytes = (int) Math.min(BLOCK_BYTES, length - from);
    return new Block(from, bytes, thread.submit(() -> readBlock(from, bytes)));
  }

  private byte[] readBlock(long from, int bytes) throws Exception {
    FSDataInputStream open = in;
    if (open == null) {
      open = opener.call();
      in = open;
    }
    if (open.getPos() != from) {
      open.seek(from);
    }
    byte[] read = new byte[bytes];
    int length = 0;
    while (length < bytes) {
      int more = open.read(read, length, bytes - length);
      if (more < 0) {
        break;
      }
      length += more;
    }
    return length == bytes ? read : Arrays.copyOf(read, length);
  }

  private byte[] await(Block block) throws IOException {
    try {
      return timeoutNanos == 0
          ? block.bytes.get()
          : block.bytes.get(timeoutNanos, TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
    } catch (TimeoutException e) {
      throw new IOException(
          "not read within %s s (lane.frame-timeout)".formatted(timeoutNanos / 1e9), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  @Override
  public void close() {
    discard(current);
    var unused =
        thread.submit(
            () -> {
              if (in != null) {
                in.close();
              }
              return null;
            });
    thread.shutdown();
  }
}
