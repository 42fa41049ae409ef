package io.tandem.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;

final class ConsoleProgressTest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  private String shown(boolean terminal) {
    PrintStream err = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    ConsoleProgress progress = new ConsoleProgress(err, terminal, System::nanoTime);
    progress.at(0, 400, "frames");
    progress.at(100, 400, "frames");
    progress.say("a note");
    progress.at(400, 400, "frames");
    progress.at(400, 400, "frames");
    progress.done();
    progress.done();
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Test
  void terminal_showsOneLineThatUpdates_withPercentCountTimesAndRate() {
    String text = shown(true);
    assertThat(text).contains("  0% [", "\ra note  ", "100% [====");
    String[] lines = text.split("\\n");
    assertThat(lines).hasSize(2);
    assertThat(lines[1].substring(lines[1].lastIndexOf('\r')).strip())
        .matches("100% \\[=+] 400/400 frames \\(0:00:0\\d / 0:00:00\\) .*frames/s");
    assertThat(text.split("[\r\n]+")).allMatch(line -> line.length() <= 79);
  }

  @Test
  void pipe_showsPlainLines_theLastOneOnce() {
    assertThat(shown(false)).isEqualTo("a note\n400 of 400 frames (100 %), 0 s in all\n");
  }

  /** Shows how many frames are done at each second from 1 on, and returns the lines. */
  private static String shown(int seconds, int total, IntUnaryOperator done) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream err = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    AtomicLong second = new AtomicLong();
    ConsoleProgress progress = new ConsoleProgress(err, false, () -> second.get() * 1_000_000_000L);
    for (int i = 1; i <= seconds; i++) {
      second.set(i);
      progress.at(done.applyAsInt(i), total, "frames");
    }
    progress.done();
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Test
  void pipe_saysThatASlowFrameIsAwaited_andCountsItsTime() {
    assertThat(shown(134, 8, second -> second < 65 ? 0 : second < 134 ? 4 : 8))
        .startsWith("0 of 8 frames\n0 of 8 frames\n")
        .contains("\n4 of 8 frames (50 %), 1 min 6 s left\n")
        .endsWith("\n8 of 8 frames (100 %), 2 min 9 s in all\n");
  }

  @Test
  void pipe_doesNotCountTheStart() {
    assertThat(shown(12, 1000, second -> second < 5 ? 0 : 10 * (second - 4)))
        .isEqualTo("70 of 1,000 frames (7 %), 10.0 frames/s, 1 min 33 s left\n");
  }
}
