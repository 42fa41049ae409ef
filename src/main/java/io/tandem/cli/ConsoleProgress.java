package io.tandem.cli;

import io.tandem.spark.Progress;
import io.tandem.text.Printable;
import io.tandem.text.Words;
import java.io.PrintStream;
import java.util.Locale;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Shows progress on the error stream: a bar on a terminal, else a line every ten seconds. */
final class ConsoleProgress implements Progress {
  private static final long LINE_EVERY_NANOS = 10_000_000_000L;

  /** How long the clock waits for the first unit: starting does not count, and a slow unit does. */
  private static final long STARTING_NANOS = 5_000_000_000L;

  private final PrintStream err;
  private final boolean terminal;
  private final LongSupplier nanoTime;
  private @Nullable TerminalBar bar;

  /** When the work began, and when its clock did. */
  private long began;

  private long started;
  private long lastLine;
  private boolean ended = true;

  ConsoleProgress() {
    this(System.err, System.getenv("TANDEM_TERMINAL") != null, System::nanoTime);
  }

  /**
   * Creates the progress.
   *
   * @param terminal whether a bar is shown
   * @param nanoTime a clock, in nanoseconds
   */
  ConsoleProgress(PrintStream err, boolean terminal, LongSupplier nanoTime) {
    this.err = err;
    this.terminal = terminal;
    this.nanoTime = nanoTime;
  }

  @Override
  public synchronized void say(String line) {
    if (bar == null) {
      err.println(Printable.line(line));
    } else {
      bar.say(Printable.line(line));
    }
  }

  @Override
  public synchronized void at(long done, long total, String unit) {
    boolean isNew = ended && done < total;
    boolean isKnown = ended && began != 0 && done == total;
    if (isKnown) {
      return;
    }
    long now = nanoTime.getAsLong();
    if (isNew || began == 0) {
      began = now;
      started = now;
      lastLine = now;
    }
    ended = done == total;
    boolean isStarting = done == 0 && now - began < STARTING_NANOS;
    if (isStarting) {
      started = now;
    }
    if (terminal) {
      bar(done, total, unit, isStarting);
    } else {
      line(done, total, unit, now);
    }
  }

  private void bar(long done, long total, String unit, boolean isStarting) {
    TerminalBar shown = bar == null ? new TerminalBar(err, total, unit) : bar;
    if (isStarting) {
      shown.restart();
    } else {
      shown.at(done);
    }
    bar = shown;
  }

  private void line(long done, long total, String unit, long now) {
    if (now - lastLine >= LINE_EVERY_NANOS || ended) {
      lastLine = now;
      err.println(line(done, total, unit, (now - started) / 1e9));
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
    if (bar != null) {
      bar.close();
      bar = null;
    }
  }
}
