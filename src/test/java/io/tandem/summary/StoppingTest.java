package io.tandem.summary;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.trial.Stopping;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class StoppingTest {
  @ParameterizedTest
  @CsvSource({
    "6, 0.05, '6, 8, 11, 15, 20, 27', 27",
    "8, 0.05, '8, 11, 15, 20, 27', 27",
    "27, 0.05, '27', 27",
    "28, 0.05, '', 28",
    "6, 0, '', 6",
    "2, 0.05, '', 2",
  })
  void looks_areFew(int rounds, double width, String looks, int most) {
    Stopping stopping = new Stopping(rounds, width, 120);
    List<Integer> found =
        IntStream.rangeClosed(1, 30).filter(stopping::looksAfter).boxed().toList();
    assertThat(found.toString()).isEqualTo("[" + looks + "]");
    assertThat(stopping.mostRounds()).isEqualTo(most);
  }

  @Test
  void budget_endsTheRoundsBeyondTheFirst_butNotWhatTheyRepeat() {
    Stopping stopping = new Stopping(8, 0.05, 100);
    assertThat(stopping.allows(8, 0, 500, 70)).isTrue();
    assertThat(stopping.allows(9, 0, 90, 10)).isTrue();
    assertThat(stopping.allows(9, 0, 91, 10)).isFalse();
    assertThat(stopping.allows(10, 2, 91, 10)).isTrue();
    assertThat(stopping.allows(11, 9, 91, 10)).isFalse();
    assertThat(stopping.allows(28, 0, 1, 1)).isFalse();
    assertThat(Stopping.after(3).allows(4, 9, 0, 0)).isFalse();
  }
}
