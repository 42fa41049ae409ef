package io.tandem.benchmark;

import io.tandem.spark.Progress;
import io.tandem.text.Printable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Keeps the lines of a job's progress until another thread takes them. */
final class SaidLines implements Progress {
  private static final long LINE_EVERY_NANOS = 5_000_000_000L;

  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
  private long counted = System.nanoTime() - LINE_EVERY_NANOS;

  @Override
  public void say(String line) {
    lines.add(Printable.line(line));
  }

  @Override
  public synchronized void at(long done, long total, String unit) {
    long now = System.nanoTime();
    if (now - counted >= LINE_EVERY_NANOS) {
      counted = now;
      say(String.format(Locale.ROOT, "%,d of %,d %s", done, total, unit));
    }
  }

  @Override
  public void done() {}

  /** Returns the lines since the last call; waits for the first one, at most so long. */
  List<String> next(long millis) {
    List<String> said = new ArrayList<>();
    try {
      String first = lines.poll(millis, TimeUnit.MILLISECONDS);
      if (first != null) {
        said.add(first);
        lines.drainTo(said);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return said;
  }
}
