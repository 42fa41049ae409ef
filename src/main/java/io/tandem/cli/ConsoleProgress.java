package io.tandem.cli;

import io.tandem.spark.Progress;
import io.tandem.text.Words;
import java.io.PrintStream;
import java.util.Locale;

/**
 * Progress on the error stream: one line that renews itself on a terminal, else a line every ten
 * seconds.
 */
final class ConsoleProgress implements Progress {
  private static final long LINE_EVERY_NANOS = 10_000_000_000L;

  private final PrintStream err = System.err;
  private final boolean terminal = System.getenv("TANDEM_TERMINAL") != null;
  private long started;
  private long lastLine;
  private boolean open;
  private boolean ended;

  @Override
  public synchronized void say(String line) {
    done();
    err.println(line);
  }

  @Override
  public synchronized void at(long done, long total, String unit) {
    long now = System.nanoTime();
    if (started == 0 || done == 0) {
      started = now;
      lastLine = now;
    }
    boolean wasEnded = ended;
    ended = done == total;
    if (wasEnded && ended) {
      return;
    }
    boolean due = now - lastLine >= LINE_EVERY_NANOS || done == total;
    if (!terminal && !due) {
      return;
    }
    lastLine = now;
    String line = line(done, total, unit, (now - started) / 1e9);
    if (terminal) {
      err.print("\r" + line + " ".repeat(Math.max(0, 79 - line.length())));
      open = true;
    } else {
      err.println(line);
    }
  }

  private static String line(long done, long total, String unit, double seconds) {
    if (done == 0) {
      return String.format(Locale.ROOT, "0 of %,d %s", total, unit);
    }
    double rate = done / seconds;
    String left =
        done == total
            ? Words.time(seconds) + " in all"
            : Words.time((total - done) / rate) + " left";
    return String.format(
        Locale.ROOT,
        "%,d of %,d %s (%d %%)%s, %s",
        done,
        total,
        unit,
        100 * done / total,
        rate < 1 || done == total ? "" : String.format(Locale.ROOT, ", %.1f %s/s", rate, unit),
        left);
  }

  @Override
  public synchronized void done() {
    if (open) {
      err.println();
      open = false;
    }
  }
}
