package io.tandem.summary;

import io.tandem.conf.Device;
import io.tandem.summary.Verdict.Limit;
import io.tandem.trial.Environment;
import java.util.Locale;

/** Writes the sentence about the limit of the best trial, with the numbers that show it. */
final class LimitText {
  private final Environment environment;
  private final Findings findings;
  private final TrialSummary best;

  LimitText(Environment environment, Findings findings) {
    this.environment = environment;
    this.findings = findings;
    this.best = findings.best();
  }

  String of(Limit limit) {
    return switch (limit) {
      case MODEL_LOADING ->
          "Its limit is model loading: the model is loaded again for each prediction.";
      case READING ->
          text(
              "Its limit is reading: lanes wait for their files %.0f %% of the time.",
              findings.share("lane_wait") * 100);
      case DECODING -> decoding();
      case DEVICE_SATURATED -> saturated();
      case OVERSUBSCRIBED ->
          text(
              "Its %d threads are more than the %d cores: they take turns, and each call waits for the others.",
              best.trial().threads(), environment.cores());
      case CORES_FULL -> full();
      case NOTHING_YET ->
          "No limit is reached yet: it has the most threads that were measured, and %s."
              .formatted(idle());
      case SOMETHING_ELSE ->
          "Its limit is neither decoding nor reading, and %s: lanes wait for each other, or for memory."
              .formatted(idle());
      case TOO_LITTLE_TO_TELL -> throw new IllegalArgumentException("no limit: " + limit);
    };
  }

  private String decoding() {
    return environment.decodeThreads(best.trial().device()) > 0
        ? text(
            "Its limit is decoding: lanes wait for their decode threads %.0f %% of the time.",
            findings.share("lane_wait") * 100)
        : text(
            "Its limit is decoding: it takes %.0f %% of the lanes' time, the forward pass %.0f %%.",
            findings.share("decode") * 100, findings.share("forward") * 100);
  }

  private String full() {
    int lanes = best.trial().concurrency();
    String each =
        lanes == 1
            ? ""
            : findings
                .gain(best)
                .map(gain -> gain / lanes * 100)
                .map(share -> text(", each lane at %.0f %% of a single lane's throughput", share))
                .orElse("");
    return text(
        "Its limit is the %d cores, which are full: %.0f %% busy%s.",
        environment.cores(), best.load().cpu() * 100, each);
  }

  private String idle() {
    if (best.trial().device() != Device.Kind.GPU) {
      return text("the cores are only %.0f %% busy", best.load().cpu() * 100);
    }
    Double gpu = best.load().gpu();
    return gpu == null
        ? "the device's load is unknown"
        : text("the device is only %.0f %% busy", gpu * 100);
  }

  private String saturated() {
    Double busy = best.load().gpu();
    String device =
        busy == null
            ? "Its limit is the device, which one lane saturates already"
            : text("Its limit is the device, which is %.0f %% busy", busy * 100);
    return findings
        .mostLanes()
        .map(
            most ->
                text(
                    "%s: %d lanes on it gain %.2f times, while each call takes %.1f times as long.",
                    device,
                    most.trial().concurrency(),
                    findings.gain(most).orElse(Double.NaN),
                    findings.slowdown(most).orElse(Double.NaN)))
        .orElse(device + ".");
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
