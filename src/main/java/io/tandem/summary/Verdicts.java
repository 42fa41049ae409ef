package io.tandem.summary;

import io.tandem.conf.ModelScope;
import io.tandem.summary.Verdict.Limit;
import io.tandem.trial.Trial;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The written rules from numbers to a verdict, as the README lists them. Each looks at recorded
 * numbers only; the first that applies to the best trial names its limit.
 */
final class Verdicts {
  /** Cores, or a GPU, that are busy for so much of the time are full. */
  private static final double FULL = 0.9;

  /** Lanes that wait for files for more than this share of their time are limited by reading. */
  private static final double WAITING = 0.2;

  /** Parallel predictions that gain less than this on one GPU have found it saturated. */
  private static final double LITTLE_GAIN = 1.3;

  private final Summary summary;
  private final Environment environment;
  private final TrialSummary best;
  private final Map<String, Map<Integer, TrialRound>> rounds = new HashMap<>();

  private Verdicts(Summary summary) {
    this.summary = summary;
    this.environment = summary.environment();
    this.best = summary.best();
    for (TrialRound round : summary.measured().rounds()) {
      rounds.computeIfAbsent(round.trial(), id -> new TreeMap<>()).put(round.round(), round);
    }
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
    Limit limit = limit();
    List<String> sentences = new ArrayList<>();
    sentences.add(bestTrial("Best"));
    sentences.add(because(limit));
    crowded().ifPresent(sentences::add);
    rebuilt().ifPresent(sentences::add);
    sentences.addAll(changes());
    sentences.add(next(limit));
    return new Verdict(limit, sentences);
  }

  private Optional<String> tooLittle() {
    if (summary.trials().stream().noneMatch(TrialSummary::valid)) {
      return Optional.of(
          "Too little to tell: no row is valid. %s: %s."
              .formatted(summary.serial().trial().id(), summary.serial().reason()));
    }
    if (summary.serial().rounds() < Stopping.ROUNDS_FOR_INTERVAL) {
      return Optional.of(
          "Too little to tell: %d of at least %d rounds."
              .formatted(summary.serial().rounds(), Stopping.ROUNDS_FOR_INTERVAL));
    }
    if (summary.trials().size() == 1) {
      return Optional.of("Too little to tell: there is only one trial.");
    }
    return Optional.empty();
  }

  private Limit limit() {
    if (best.trial().modelScope() == ModelScope.PREDICTION) {
      return Limit.MODEL_LOADING;
    }
    if (share("lane_wait") > WAITING) {
      return Limit.READING;
    }
    if (environment.decodeThreads() == 0 && share("decode") > share("forward")) {
      return Limit.DECODING;
    }
    if (isOnGpu() && mostLanes().map(t -> gain(t) < LITTLE_GAIN).orElse(false)) {
      return Limit.DEVICE_SATURATED;
    }
    if (!isOnGpu() && best.cpuLoad() >= FULL) {
      return Limit.CORES_FULL;
    }
    return isTheWidest() ? Limit.NOTHING_YET : Limit.SOMETHING_ELSE;
  }

  private boolean isOnGpu() {
    return best.trial().device().equals("gpu");
  }

  private boolean isTheWidest() {
    return summary.trials().stream().mapToInt(t -> threads(t.trial())).max().orElse(1)
        == threads(best.trial());
  }

  private static int threads(Trial trial) {
    return trial.concurrency() * trial.intraOpThreads();
  }

  /** The share of the best trial's lane time that the phase takes. */
  private double share(String phase) {
    return summary.measured().phases().stream()
        .filter(p -> p.trial().equals(best.trial().id()) && p.phase().equals(phase))
        .mapToDouble(PhaseSummary::share)
        .findFirst()
        .orElse(0);
  }

  private String bestTrial(String heading) {
    Interval interval = best.interval();
    String between =
        interval == null ? "" : text(" (%.2f to %.2f)", interval.low(), interval.high());
    return best.equals(summary.serial())
        ? "Nothing was faster than one by one."
        : text(
            "%s: %s: %.2f%s times as fast as one by one, %.2f times one lane with all cores.",
            heading, name(best.trial()), best.speedup(), between, best.speedupVsAllCores());
  }

  private static String name(Trial trial) {
    return "%d lane%s with %d thread%s%s, batch %d, %s"
        .formatted(
            trial.concurrency(),
            trial.concurrency() == 1 ? "" : "s",
            trial.intraOpThreads(),
            trial.intraOpThreads() == 1 ? "" : "s",
            trial.concurrency() == 1 ? "" : " each",
            trial.batchSize(),
            trial.precision());
  }

  private String because(Limit limit) {
    return switch (limit) {
      case MODEL_LOADING ->
          "Its limit is model loading: the model is built anew for each prediction.";
      case READING ->
          text(
              "Its limit is reading: lanes wait for their files %.0f %% of the time.",
              share("lane_wait") * 100);
      case DECODING ->
          text(
              "Its limit is decoding: it takes %.0f %% of the lanes' time, the forward pass %.0f %%.",
              share("decode") * 100, share("forward") * 100);
      case DEVICE_SATURATED -> saturated();
      case CORES_FULL ->
          text(
              "Its limit is the %d cores, which are full: %.0f %% busy, at %.0f %% of what each lane reaches alone.",
              environment.cores(),
              best.cpuLoad() * 100,
              gain(best) / best.trial().processors(environment.cores()) * 100);
      case NOTHING_YET ->
          text(
              "Nothing limits it yet: it has the most threads that were measured, and the cores are only %.0f %% busy.",
              best.cpuLoad() * 100);
      case SOMETHING_ELSE ->
          text(
              "Its limit is neither cores (%.0f %% busy) nor decoding nor reading: lanes wait for each other, or for memory.",
              best.cpuLoad() * 100);
      case TOO_LITTLE_TO_TELL -> throw new IllegalStateException("told before");
    };
  }

  private String saturated() {
    TrialSummary most = mostLanes().orElse(best);
    return text(
        "Its limit is the device, which one lane saturates already: %d lanes on it gain %.2f times, while each call takes %.1f times as long.",
        most.trial().concurrency(),
        gain(most),
        Objects.requireNonNullElse(most.latencyInflation(), Double.NaN));
  }

  /** Of the best trial's series, the one with the most lanes, where it has more than one. */
  private Optional<TrialSummary> mostLanes() {
    return summary.trials().stream()
        .filter(t -> t.valid() && t.trial().series().equals(best.trial().series()))
        .filter(t -> t.trial().concurrency() > 1)
        .max(Comparator.comparingInt(t -> t.trial().concurrency()));
  }

  /** Against one lane of the same series. */
  private double gain(TrialSummary trial) {
    return summary.trials().stream()
        .filter(t -> t.trial().series().equals(trial.trial().series()))
        .filter(t -> t.trial().concurrency() == 1 && !t.trial().again())
        .findFirst()
        .map(one -> trial.speedup() / one.speedup())
        .orElse(trial.speedup());
  }

  /** Threads beyond the cores: no faster, or slower, and each prediction takes longer. */
  private Optional<String> crowded() {
    return mostLanes()
        .filter(t -> t.trial().device().equals("cpu"))
        .filter(t -> threads(t.trial()) > environment.cores())
        .filter(t -> threads(best.trial()) <= environment.cores())
        .flatMap(
            t ->
                ratio(t, best)
                    .map(
                        ratio ->
                            text(
                                "%d lanes are more than the cores: %.2f times as fast as the best (%s), while each call takes %.1f times as long as one by one.",
                                t.trial().concurrency(),
                                ratio.median(),
                                ratio.isBeyondNoise() ? "slower" : "no difference beyond noise",
                                Objects.requireNonNullElse(t.latencyInflation(), Double.NaN))));
  }

  private Optional<String> rebuilt() {
    for (TrialSummary trial : summary.trials()) {
      Optional<TrialSummary> shared =
          counterpart(trial, t -> t.modelScope() == ModelScope.EXECUTOR, Trial::modelScope);
      if (trial.trial().modelScope() == ModelScope.PREDICTION && shared.isPresent()) {
        return ratio(trial, shared.get())
            .map(
                ratio ->
                    text(
                        "A model built anew for each prediction reaches %.2f of the frames/s of one that is loaded once (%s): never do that.",
                        ratio.median(), name(trial.trial())));
      }
    }
    return Optional.empty();
  }

  /** What other settings of the best trial's lanes bring, where that is more than noise. */
  private List<String> changes() {
    List<String> changes = new ArrayList<>();
    change("precision", Trial::precision).ifPresent(changes::add);
    change("batch size", Trial::batchSize).ifPresent(changes::add);
    return changes;
  }

  private Optional<String> change(String what, Function<Trial, Object> dimension) {
    return summary.trials().stream()
        .filter(TrialSummary::valid)
        .filter(t -> differsOnlyIn(dimension, t.trial(), best.trial()))
        .max(Comparator.comparingDouble(TrialSummary::speedup))
        .flatMap(
            other ->
                ratio(best, other)
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

  private Optional<TrialSummary> counterpart(
      TrialSummary of, Predicate<Trial> which, Function<Trial, Object> dimension) {
    return summary.trials().stream()
        .filter(t -> which.test(t.trial()) && differsOnlyIn(dimension, t.trial(), of.trial()))
        .findFirst();
  }

  private static boolean differsOnlyIn(Function<Trial, Object> dimension, Trial a, Trial b) {
    List<Function<Trial, Object>> all =
        List.of(
            Trial::device,
            Trial::concurrency,
            Trial::intraOpThreads,
            Trial::batchSize,
            Trial::precision,
            Trial::modelScope,
            Trial::again);
    long different = all.stream().filter(d -> !d.apply(a).equals(d.apply(b))).count();
    return different == 1 && !dimension.apply(a).equals(dimension.apply(b));
  }

  private Optional<Ratio> ratio(TrialSummary of, TrialSummary to) {
    double[] ratios =
        Ratio.within(
            rounds.getOrDefault(of.trial().id(), Map.of()),
            rounds.getOrDefault(to.trial().id(), Map.of()));
    return ratios.length == 0
        ? Optional.empty()
        : Optional.of(Ratio.of(ratios, environment.rules().seed()));
  }

  private String next(Limit limit) {
    return switch (limit) {
      case MODEL_LOADING -> "To change next: the model scope, to executor.";
      case READING -> "To change next: lane.read-ahead, or where the frames are kept.";
      case DECODING ->
          "To change next: lane.decode-threads where cores are free, or smaller frames.";
      case DEVICE_SATURATED ->
          "To change next: " + unmeasured("the batch size", "the precision") + "; not the lanes.";
      case CORES_FULL ->
          "To change next: " + unmeasured("the precision", "the batch size") + ", or more cores.";
      case NOTHING_YET -> "To change next: more lanes (benchmark.concurrency).";
      case SOMETHING_ELSE ->
          "To change next: " + unmeasured("the batch size", "the precision") + ", or fewer lanes.";
      case TOO_LITTLE_TO_TELL -> throw new IllegalStateException("told before");
    };
  }

  /** Of the two, what has not been measured yet; what is left to do where both were. */
  private String unmeasured(String first, String second) {
    List<String> left = new ArrayList<>();
    for (String what : List.of(first, second)) {
      Function<Trial, Object> of =
          what.equals("the precision") ? Trial::precision : Trial::batchSize;
      if (summary.trials().stream().map(t -> of.apply(t.trial())).distinct().count() == 1) {
        left.add(what);
      }
    }
    return left.isEmpty() ? "a smaller model" : String.join(" or ", left);
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
