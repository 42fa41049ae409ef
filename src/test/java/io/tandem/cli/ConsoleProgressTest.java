package io.tandem.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class ConsoleProgressTest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  private String shown(boolean terminal) {
    PrintStream err = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    ConsoleProgress progress = new ConsoleProgress(err, terminal);
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
}
