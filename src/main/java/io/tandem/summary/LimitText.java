package io.tandem.summary;

import io.tandem.conf.Device;
import io.tandem.summary.Verdict.Limit;
import io.tandem.trial.Environment;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Locale;
import java.util.Objects;

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
      case MODEL_LOADING -> "The limit is model loading: the model is loaded for each prediction.";
      case READING ->
          text(
              "The limit is reading: lanes wait for their files %.0f %% of the time.",
              findings.share("lane_wait") * 100);
      case DECODING -> decoding();
      case DEVICE_SATURATED -> saturated();
      case CORES_FULL ->
          text(
              "The %s full (cpu load %.2f)%s.",
              environment.cores() == 1 ? "core is" : environment.cores() + " cores are",
              best.load().cpu(),
              beyond());
      case CPU_QUOTA -> quota();
      case OTHER_PROGRAMS ->
          text(
              "The cores are full, but not of this: other programs took %.0f %% of them (cpu load %.2f).",
              findings.takenByOthers() * 100, best.load().cpu());
      case NOTHING_YET ->
          "No limit is reached yet: it has the most threads that were measured, and %s."
              .formatted(idle());
      case SOMETHING_ELSE ->
          "The limit is neither decoding nor reading, and %s: lanes wait for each other, or for memory."
              .formatted(idle());
      case TOO_LITTLE_TO_TELL -> throw new IllegalArgumentException("no limit: " + limit);
    };
  }

  private String decoding() {
    return environment.decodeThreads(best.trial().device()) > 0
        ? text(
            "The limit is decoding: lanes wait for their decode threads %.0f %% of the time.",
            findings.share("lane_wait") * 100)
        : text(
            "The limit is decoding: it takes %.0f %% of the lanes' time, the forward pass %.0f %%.",
            findings.share("decode") * 100, findings.share("forward") * 100);
  }

  private String quota() {
    Double cores = findings.quotaCores();
    return text(
        "The lanes are held back by a CPU quota%s, in %.0f %% of its periods (cpu load %.2f of %d cores).",
        cores == null
            ? ""
            : text(
                " of %s cores",
                new DecimalFormat("0.##", DecimalFormatSymbols.getInstance(Locale.ROOT))
                    .format(cores)),
        findings.throttled() * 100,
        best.load().cpu(),
        environment.cores());
  }

  private String idle() {
    if (best.trial().device() != Device.Kind.GPU) {
      return text("the cores are not full (cpu load %.2f)", best.load().cpu());
    }
    Double gpu = best.load().gpu();
    return gpu == null
        ? "the device's load is unknown"
        : text("the device is not full (gpu load %.2f)", gpu);
  }

  private String saturated() {
    Double busy = best.load().gpu();
    return (busy == null
            ? "The limit is the device, which one lane fills already"
            : text("The device is full (gpu load %.2f)", busy))
        + beyond()
        + ".";
  }

  /** Says what the next number of lanes does, where it was measured. */
  private String beyond() {
    return findings.nextLanes().map(this::beyond).orElse("");
  }

  private String beyond(TrialSummary more) {
    int lanes = more.trial().concurrency();
    String gain =
        findings.isSlower(more)
            ? "are slower"
            : findings.isHardlyFaster(more) ? "are hardly faster" : "are no faster beyond noise";
    Double own = best.latency().p50();
    Double p50 = more.latency().p50();
    boolean slowsCalls = own != null && p50 != null && p50 > own;
    return slowsCalls
        ? text(
            "; %d at a time %s, and each call takes %.1f instead of %.1f ms",
            lanes, gain, Objects.requireNonNull(p50), Objects.requireNonNull(own))
        : text("; %d at a time %s", lanes, gain);
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
