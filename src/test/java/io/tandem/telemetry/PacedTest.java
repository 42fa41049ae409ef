package io.tandem.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class PacedTest {
  private long cpu;
  private int readings;

  @Test
  void costlySensor_isReadOnlyAsOftenAsItsShareAllows() {
    Paced<Integer> sensor = sensor(TimeUnit.MICROSECONDS.toNanos(300));
    long second = TimeUnit.SECONDS.toNanos(1);
    for (long now = 0; now < 100 * second; now += second / 5) {
      sensor.at(now);
    }
    assertThat(readings).isEqualTo(100);
    assertThat(cpu / (100.0 * second)).isLessThanOrEqualTo(Paced.SHARE);
  }

  @Test
  void cheapSensor_isReadEachTime() {
    Paced<Integer> sensor = sensor(TimeUnit.MICROSECONDS.toNanos(5));
    for (int i = 0; i < 50; i++) {
      assertThat(sensor.at(TimeUnit.MILLISECONDS.toNanos(200) * i)).isEqualTo(i + 1);
    }
  }

  @Test
  void sensorThatFails_hasNoValue_andIsNotAskedAgain() {
    Paced<Integer> sensor =
        new Paced<>(
            () -> {
              readings++;
              throw new UnsatisfiedLinkError("no such library");
            },
            () -> cpu);
    assertThat(sensor.at(0)).isNull();
    assertThat(sensor.at(Long.MAX_VALUE)).isNull();
    assertThat(readings).isEqualTo(1);
  }

  private Paced<Integer> sensor(long cost) {
    return new Paced<>(
        () -> {
          cpu += cost;
          return ++readings;
        },
        () -> cpu);
  }
}
