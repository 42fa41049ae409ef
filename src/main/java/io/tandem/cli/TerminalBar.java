package io.tandem.cli;

import java.io.PrintStream;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Locale;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * Draws one line that updates itself: percent, bar, count, time spent and left, rate. Its width is
 * fixed, so that the library does not look for a terminal, which may start a process.
 */
final class TerminalBar implements AutoCloseable {
  private static final int WIDTH = 79;
  private static final int UPDATE_MILLIS = 500;

  private final PrintStream out;
  private final ProgressBar bar;

  TerminalBar(PrintStream out, long total, String unit) {
    this.out = out;
    this.bar =
        ProgressBar.builder()
            .setInitialMax(total)
            .setUnit(" " + unit, 1)
            .showSpeed(new DecimalFormat("0.0", DecimalFormatSymbols.getInstance(Locale.ROOT)))
            .setStyle(ProgressBarStyle.ASCII)
            .setConsumer(new ConsoleProgressBarConsumer(out, WIDTH))
            .setUpdateIntervalMillis(UPDATE_MILLIS)
            .continuousUpdate()
            .build();
  }

  /** Moves the bar. */
  void at(long done) {
    bar.stepTo(done);
  }

  /** Starts its clock again, of rate and time left. */
  void restart() {
    bar.reset();
  }

  /** Prints a line above the bar. */
  void say(String line) {
    out.print("\r" + line + " ".repeat(Math.max(0, WIDTH - line.length())) + "\n");
    bar.refresh();
  }

  /** Draws the bar for the last time, and ends its line. */
  @Override
  public void close() {
    bar.close();
  }
}
