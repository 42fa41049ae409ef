package io.tandem.cli;

import io.tandem.spark.Progress;
import io.tandem.text.Printable;
import io.tandem.text.Words;
import java.io.PrintStream;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Shows progress on the error stream: a bar on a terminal, else a line every ten seconds. */
final class ConsoleProgress implements Progress {
  private static final long LINE_EVERY_NANOS = 10_000_000_000L;

  private final PrintStream err;
  private final boolean terminal;
  private @Nullable TerminalBar bar;
  private long started;
  private long lastLine;
  private boolean ended;

  ConsoleProgress() {
    this(System.err, System.getenv("TANDEM_TERMINAL") != null);
  }

  ConsoleProgress(PrintStream err, boolean terminal) {
    this.err = err;
    this.terminal = terminal;
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
    boolean wasEnded = ended;
    ended = done == total;
    if (wasEnded && ended) {
      return;
    }
    if (terminal) {
      bar(done, total, unit);
    } else {
      line(done, total, unit);
    }
  }

  private void bar(long done, long total, String unit) {
    TerminalBar shown = bar == null ? new TerminalBar(err, total, unit) : bar;
    shown.at(done);
    bar = shown;
  }

  private void line(long done, long total, String unit) {
    long now = System.nanoTime();
    if (started == 0 || done == 0) {
      started = now;
      lastLine = now;
    }
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
