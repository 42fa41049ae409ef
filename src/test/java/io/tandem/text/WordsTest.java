package io.tandem.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class WordsTest {
  @Test
  void foreignMessage_isOnePrintableLine_ofBoundedLength() {
    assertThat(Words.oneLine("no\n\tsuch \u0000 \u001b[31mfile\u009b \n"))
        .isEqualTo("no such ? ?[31mfile?");
    assertThat(Words.oneLine("x".repeat(100_000))).hasSize(500).endsWith("x...");
  }

  @Test
  void similar_isATypingErrorAway() {
    List<String> keys = List.of("threshold", "scale", "std", "stride");
    assertThat(Words.similar("treshold", keys)).isEqualTo("threshold");
    assertThat(Words.similar("sdt", keys)).isEmpty();
    assertThat(Words.similar("st", keys)).isEqualTo("std");
    assertThat(Words.similar("colour-space", keys)).isEmpty();
    assertThat(Words.similar("thrshlod", keys)).isEmpty();
    assertThat(Words.similar("scale", List.of())).isEmpty();
  }

  @Test
  void shortTime_hasMilliseconds_belowASecond() {
    assertThat(Words.shortTime(0.05)).isEqualTo("50 ms");
    assertThat(Words.shortTime(0)).isEqualTo("0 s");
    assertThat(Words.shortTime(3)).isEqualTo("3 s");
    assertThat(Words.shortTime(200)).isEqualTo("3 min 20 s");
  }
}
