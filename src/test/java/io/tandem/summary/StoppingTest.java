package io.tandem.summary;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.trial.Stopping;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class StoppingTest {
  @ParameterizedTest
  @CsvSource({
    "6, 0.05, '6, 10, 16', 16",
    "8, 0.05, '10, 16', 16",
    "16, 0.05, '16', 16",
    "20, 0.05, '', 20",
    "6, 0, '', 6",
    "2, 0.05, '', 2",
  })
  void looks_areFew(int rounds, double width, String looks, int most) {
    Stopping stopping = new Stopping(rounds, width);
    List<Integer> found =
        IntStream.rangeClosed(1, 30).filter(stopping::looksAfter).boxed().toList();
    assertThat(found.toString()).isEqualTo("[" + looks + "]");
    assertThat(stopping.mostRounds()).isEqualTo(most);
  }
}
