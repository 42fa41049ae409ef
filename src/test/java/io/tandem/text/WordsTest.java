package io.tandem.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class WordsTest {
  @Test
  void foreignMessage_isOnePrintableLine_ofBoundedLength() {
    assertThat(Words.oneLine("no\n\tsuch \u0000 \u001b[31mfile\u009b \n"))
        .isEqualTo("no such ? ?[31mfile?");
    assertThat(Words.oneLine("x".repeat(100_000))).hasSize(500).endsWith("x...");
  }
}
