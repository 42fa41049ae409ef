package io.tandem.summary;

import io.tandem.conf.Device;
import io.tandem.conf.ModelScope;
import io.tandem.summary.Verdict.Limit;
import io.tandem.trial.Environment;
import io.tandem.trial.Interval;
import io.tandem.trial.Stopping;
import io.tandem.trial.Trial;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Says in sentences what was best, what limits it by {@link Limits}, and what to change next. */
final class Verdicts {
  /** A change that can bring no more than this is not worth telling. */
  private static final double WORTH_TELLING = 1.02;

  private final Summary summary;
  private final Environment environment;
  private final Findings findings;
  private final TrialSummary best;

  private Verdicts(Summary summary) {
    this.summary = summary;
    this.environment = summary.environment();
    this.findings = new Findings(summary);
    this.best = findings.best();
  }

  static Verdict of(Summary summary) {
    return new Verdicts(summary).verdict();
  }

  private Verdict verdict() {
    Optional<String> tooLittle = tooLittle();
    if (tooLittle.isPresent()) {
      String first = best.valid() ? bestTrial("At a first look best") : "";
      return new Verdict(
          Limit.TOO_LITTLE_TO_TELL,
          Stream.of(tooLittle.get(), first).filter(s -> !s.isEmpty()).toList());
    }
    Limit limit = Limits.of(environment, findings);
    List<String> sentences = new ArrayList<>();
    sentences.add(bestTrial("Best"));
    sentences.add(because(limit));
    crowded().ifPresent(sentences::add);
    rebuilt().ifPresent(sentences::add);
    summary.external().forEach(external -> beside(external).ifPresent(sentences::add));
    change("device", Trial::device).ifPresent(sentences::add);
    change("precision", Trial::precision).ifPresent(sentences::add);
    change("batch size", Trial::batchSize).ifPresent(sentences::add);
    sentences.add("To change next: " + next(limit) + ".");
    return new Verdict(limit, sentences);
  }

  private Optional<String> tooLittle() {
    if (summary.trials().stream().noneMatch(TrialSummary::valid)) {
      return Optional.of(
          "Too little to tell: no row is valid. %s: %s."
              .formatted(summary.serial().trial().id(), summary.serial().reason()));
    }
    if (summary.serial().throughput().rounds() < Stopping.ROUNDS_FOR_INTERVAL) {
      return Optional.of(
          "Too little to tell: %d of at least %d rounds."
              .formatted(summary.serial().throughput().rounds(), Stopping.ROUNDS_FOR_INTERVAL));
    }
    if (summary.trials().size() == 1) {
      return Optional.of("Too little to tell: there is only one trial.");
    }
    return Optional.empty();
  }

  private boolean isOnGpu() {
    return best.trial().device() == Device.Kind.GPU;
  }

  private String bestTrial(String heading) {
    Interval interval = best.speedup().interval();
    String between =
        interval == null ? "" : text(" (%.2f to %.2f)", interval.low(), interval.high());
    return best.equals(summary.serial())
        ? "Nothing was faster than one by one."
        : text(
            "%s: %s: %.2f%s times as fast as one by one%s.",
            heading, name(best.trial()), best.speedup().median(), between, vsAllCores());
  }

  private String vsAllCores() {
    Double ratio = best.speedup().vsAllCores();
    return ratio == null ? "" : text(", %.2f times one lane with all cores", ratio);
  }

  private String name(Trial trial) {
    return "%d lane%s with %d thread%s%s, batch %d, %s%s"
        .formatted(
            trial.concurrency(),
            trial.concurrency() == 1 ? "" : "s",
            trial.intraOpThreads(),
            trial.intraOpThreads() == 1 ? "" : "s",
            trial.concurrency() == 1 ? "" : " each",
            trial.batchSize(),
            trial.precision(),
            findings.isMeasured(Trial::device) ? ", on the " + trial.device().name() : "");
  }

  private String because(Limit limit) {
    double busy = best.load().cpu() * 100;
    return switch (limit) {
      case MODEL_LOADING ->
          "Its limit is model loading: the model is built anew for each prediction.";
      case READING ->
          text(
              "Its limit is reading: lanes wait for their files %.0f %% of the time.",
              findings.share("lane_wait") * 100);
      case DECODING ->
          environment.decodeThreads(best.trial().device()) > 0
              ? text(
                  "Its limit is decoding: lanes wait for their decode threads %.0f %% of the time.",
                  findings.share("lane_wait") * 100)
              : text(
                  "Its limit is decoding: it takes %.0f %% of the lanes' time, the forward pass %.0f %%.",
                  findings.share("decode") * 100, findings.share("forward") * 100);
      case DEVICE_SATURATED -> saturated();
      case OVERSUBSCRIBED ->
          text(
              "Its %d threads are more than the %d cores: they take turns, and each call waits for the others.",
              best.trial().threads(), environment.cores());
      case CORES_FULL -> full(busy);
      case NOTHING_YET ->
          "Nothing limits it yet: it has the most threads that were measured, and %s."
              .formatted(idle());
      case SOMETHING_ELSE ->
          "Its limit is neither decoding nor reading, and %s: lanes wait for each other, or for memory."
              .formatted(idle());
      case TOO_LITTLE_TO_TELL -> throw new IllegalStateException("told before");
    };
  }

  private String full(double busy) {
    String lanes =
        best.trial().concurrency() == 1
            ? ""
            : findings
                .gain(best)
                .map(gain -> gain / best.trial().concurrency() * 100)
                .map(each -> text(", each lane at %.0f %% of what one lane reaches alone", each))
                .orElse("");
    return text(
        "Its limit is the %d cores, which are full: %.0f %% busy%s.",
        environment.cores(), busy, lanes);
  }

  private String idle() {
    Double gpu = best.load().gpu();
    if (isOnGpu()) {
      return gpu == null
          ? "nothing tells how busy the device is"
          : text("the device is only %.0f %% busy", gpu * 100);
    }
    return text("the cores are only %.0f %% busy", best.load().cpu() * 100);
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

  /** Threads beyond the cores: no faster, or slower, and each prediction takes longer. */
  private Optional<String> crowded() {
    return findings
        .mostLanes()
        .filter(t -> t.trial().device() == Device.Kind.CPU)
        .filter(t -> t.trial().threads() > environment.cores())
        .filter(t -> best.trial().threads() <= environment.cores())
        .flatMap(t -> findings.ratio(t, best).map(ratio -> crowded(t, ratio)));
  }

  private String crowded(TrialSummary crowd, Ratio ratio) {
    String calls =
        findings
            .slowdown(crowd)
            .map(slower -> text(", while each call takes %.1f times as long as with one", slower))
            .orElse("");
    return text(
        "%d lanes are more than the cores: %.2f times as fast as the best (%s)%s.",
        crowd.trial().concurrency(),
        ratio.median(),
        !ratio.isBeyondNoise()
            ? "no difference beyond noise"
            : ratio.median() < 1 ? "slower" : "faster",
        calls);
  }

  private Optional<String> rebuilt() {
    for (TrialSummary rebuilt : summary.trials()) {
      Trial trial = rebuilt.trial();
      Optional<TrialSummary> shared =
          summary.trials().stream()
              .filter(t -> t.trial().modelScope() == ModelScope.EXECUTOR)
              .filter(t -> Findings.differOnlyIn(Trial::modelScope, t.trial(), trial))
              .findFirst();
      if (trial.modelScope() == ModelScope.PREDICTION && shared.isPresent()) {
        return findings
            .ratio(rebuilt, shared.get())
            .map(
                ratio ->
                    text(
                        "A model built anew for each prediction reaches %.2f of the frames/s of one that is loaded once (%s): never do that.",
                        ratio.median(), name(trial)));
      }
    }
    return Optional.empty();
  }

  /** How the best compares with another implementation, where its row is valid. */
  private Optional<String> beside(TrialSummary external) {
    String title = Objects.requireNonNull(external.trial().external()).title();
    return external.valid()
        ? findings
            .ratio(best, external)
            .map(
                ratio ->
                    !ratio.isBeyondNoise()
                        ? "Beside %s there is no difference beyond noise.".formatted(title)
                        : ratio.median() > 1
                            ? text("It is %.2f times as fast as %s.", ratio.median(), title)
                            : text("%s is %.2f times as fast as it.", title, 1 / ratio.median()))
        : Optional.empty();
  }

  /** What the best trial's own value of a dimension brings, where that is more than noise. */
  private Optional<String> change(String what, Function<Trial, Object> dimension) {
    return findings
        .alternative(dimension)
        .flatMap(
            other ->
                findings
                    .ratio(best, other)
                    .filter(Ratio::isBeyondNoise)
                    .map(
                        ratio ->
                            text(
                                "By its %s alone, %s instead of %s, it is %.2f times as fast.",
                                what,
                                dimension.apply(best.trial()),
                                dimension.apply(other.trial()),
                                ratio.median())));
  }

  /** What to try, with the most that it can bring where the numbers tell. */
  private String next(Limit limit) {
    return switch (limit) {
      case MODEL_LOADING -> "the model scope, to executor" + upTo(ofCeiling());
      case READING ->
          "lane.read-ahead, or where the frames are kept"
              + upTo(1 / (1 - findings.share("lane_wait")));
      case DECODING ->
          "lane.decode-threads where cores are free, or smaller frames" + upTo(ofCeiling());
      case DEVICE_SATURATED -> unmeasured(true, "") + "; not the lanes";
      case OVERSUBSCRIBED ->
          "fewer lanes or threads, %d in all (benchmark.concurrency)"
              .formatted(environment.cores());
      case CORES_FULL -> unmeasured(false, ", or more cores") + decodedElsewhere();
      case NOTHING_YET ->
          "more lanes (benchmark.concurrency)"
              + upTo(inverse(isOnGpu() ? best.load().gpu() : Double.valueOf(best.load().cpu())));
      case SOMETHING_ELSE -> unmeasured(true, ", or fewer lanes");
      case TOO_LITTLE_TO_TELL -> throw new IllegalStateException("told before");
    };
  }

  private @Nullable Double ofCeiling() {
    return findings.ofCeiling().orElse(null);
  }

  private String decodedElsewhere() {
    Double gain = ofCeiling();
    return gain == null || gain < WORTH_TELLING
        ? ""
        : text("; smaller frames, which take less decoding, bring %.2f times at most", gain);
  }

  private static @Nullable Double inverse(@Nullable Double load) {
    return load == null || load == 0 ? null : 1 / load;
  }

  private static String upTo(@Nullable Double gain) {
    return gain == null || gain < WORTH_TELLING || gain.isInfinite()
        ? ""
        : text(": %.2f times as fast at most", gain);
  }

  /** Batch size and precision, as far as they have not been measured yet; or what is left. */
  private String unmeasured(boolean batchFirst, String otherwise) {
    List<String> left = new ArrayList<>();
    if (!findings.isMeasured(Trial::precision)) {
      left.add("the precision");
    }
    if (!findings.isMeasured(Trial::batchSize)) {
      left.add(batchFirst ? 0 : left.size(), "the batch size");
    }
    return (left.isEmpty() ? "a smaller model" : String.join(" or ", left)) + otherwise;
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
