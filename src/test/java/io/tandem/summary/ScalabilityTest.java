package io.tandem.summary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ScalabilityTest {
  private static final int[] LANES = {1, 2, 3, 4, 6, 8};

  @ParameterizedTest
  @CsvSource({"0, 0", "0.05, 0.002", "0.1, 0.01", "0.3, 0", "1, 0", "0, 0.02", "1, 0.5"})
  void fit_findsTheLawThatMadeTheSpeedups(double sigma, double kappa) {
    Scalability law = new Scalability(sigma, kappa);
    Scalability fit = Scalability.fit(LANES, speedups(law));
    assertThat(fit.sigma()).isEqualTo(sigma, within(1e-9));
    assertThat(fit.kappa()).isEqualTo(kappa, within(1e-9));
  }

  @Test
  void fit_staysWithinItsBounds() {
    double[] superlinear = Arrays.stream(LANES).mapToDouble(n -> Math.pow(n, 1.2)).toArray();
    assertThat(Scalability.fit(LANES, superlinear)).isEqualTo(new Scalability(0, 0));
    double[] slower = Arrays.stream(LANES).mapToDouble(n -> 1 / (double) n).toArray();
    Scalability fit = Scalability.fit(LANES, slower);
    assertThat(fit.sigma()).isBetween(0.0, 1.0);
    assertThat(fit.kappa()).isPositive();
  }

  @Test
  void bestConcurrency_isWhereTheSpeedupIsHighest() {
    Scalability law = new Scalability(0.1, 0.01);
    double best = law.bestConcurrency();
    assertThat(best).isEqualTo(Math.sqrt(0.9 / 0.01), within(1e-12));
    assertThat(law.speedup(best))
        .isGreaterThan(law.speedup(best - 0.1))
        .isGreaterThan(law.speedup(best + 0.1));
    assertThat(new Scalability(0.2, 0).bestConcurrency()).isInfinite();
  }

  @ParameterizedTest
  @CsvSource({"0, 8", "0.1, 2", "0.1, 8", "0.25, 64", "1, 4"})
  void karpFlatt_isAmdahlsSerialShare(double serial, int processors) {
    double speedup = 1 / (serial + (1 - serial) / processors);
    assertThat(Scalability.karpFlatt(speedup, processors)).isEqualTo(serial, within(1e-12));
  }

  private static double[] speedups(Scalability law) {
    return Arrays.stream(LANES).mapToDouble(law::speedup).toArray();
  }
}
