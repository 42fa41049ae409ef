package io.tandem.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.model.Readings.Reading;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a task type reads of a model's properties. */
final class OutputPropertiesTest {
  private static final Map<String, String> LINES =
      Map.of("output", " logits ", "threshold", "0.25", "unread", "1");

  @Test
  void readings_areTheValuesInEffect_inTheOrderOfReading() {
    Readings readings = new Readings();
    OutputProperties properties = new OutputProperties("x", LINES, readings);
    assertThat(properties.flag("multi-label", false)).isFalse();
    assertThat(properties.requiredOneOf("output", "logits", "probabilities")).isEqualTo("logits");
    assertThat(properties.get("output.name")).isNull();
    assertThat(properties.number("threshold", 0.5, 0, 1)).isEqualTo(0.25);
    assertThat(properties.integer("top-k", 100, 1, 1000)).isEqualTo(100);
    assertThat(properties.get("top-k")).isNull();
    assertThat(properties.list("output.names")).isEmpty();
    assertThat(readings.inEffect())
        .containsExactly(
            new Reading("multi-label", "false", false),
            new Reading("output", "logits", true),
            new Reading("threshold", "0.25", true),
            new Reading("top-k", "100", false));
    assertThat(readings.keys())
        .containsExactlyInAnyOrder(
            "multi-label", "output", "output.name", "threshold", "top-k", "output.names");
  }

  @Test
  void reading_changesNothing() {
    OutputProperties properties = new OutputProperties("x", LINES);
    OutputProperties same = new OutputProperties("x", LINES);
    int hash = properties.hashCode();
    assertThat(properties.get("threshold", "0.5")).isEqualTo("0.25");
    assertThat(properties).isEqualTo(same).hasSameHashCodeAs(same);
    assertThat(properties.hashCode()).isEqualTo(hash);
  }
}
