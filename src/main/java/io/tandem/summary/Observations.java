package io.tandem.summary;

import io.tandem.conf.ModelScope;
import io.tandem.text.Words;
import io.tandem.trial.Interval;
import io.tandem.trial.Trial;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Writes what a benchmark shows besides its best trial: models loaded for each prediction, external
 * implementations, and what single dimensions gain.
 */
final class Observations {
  private final Summary summary;
  private final Findings findings;
  private final TrialSummary best;

  Observations(Summary summary, Findings findings) {
    this.summary = summary;
    this.findings = findings;
    this.best = findings.best();
  }

  List<String> sentences() {
    List<String> sentences = new ArrayList<>();
    reloaded().ifPresent(sentences::add);
    summary.external().forEach(external -> comparedWith(external).ifPresent(sentences::add));
    gain("device", Trial::device).ifPresent(sentences::add);
    exports().ifPresent(sentences::add);
    gain("batch size", Trial::batchSize).ifPresent(sentences::add);
    return sentences;
  }

  /** Returns what exports with some other results gain, and how many differ. */
  List<String> prices() {
    return summary.fasterWithOtherResults().stream()
        .map(this::price)
        .flatMap(Optional::stream)
        .toList();
  }

  private Optional<String> reloaded() {
    for (TrialSummary reloaded : summary.trials()) {
      Optional<TrialSummary> shared =
          summary.trials().stream()
              .filter(t -> t.trial().modelScope() == ModelScope.EXECUTOR)
              .filter(t -> Findings.differOnlyIn(Trial::modelScope, t.trial(), reloaded.trial()))
              .findFirst();
      if (reloaded.trial().modelScope() == ModelScope.PREDICTION && shared.isPresent()) {
        return Optional.of(reloaded(reloaded, shared.get()));
      }
    }
    return Optional.empty();
  }

  private String reloaded(TrialSummary reloaded, TrialSummary shared) {
    return text(
        "A model loaded for each prediction has a speedup of %.2f, and one loaded once %.2f (%s).",
        reloaded.speedup().median(), shared.speedup().median(), findings.name(reloaded.trial()));
  }

  /** Compares the best with an external implementation whose row is valid. */
  private Optional<String> comparedWith(TrialSummary external) {
    String title = Objects.requireNonNull(external.trial().external()).title();
    return external.valid()
        ? findings.ratio(best, external).map(ratio -> comparedWith(title, external, ratio))
        : Optional.empty();
  }

  private String comparedWith(String title, TrialSummary external, Ratio ratio) {
    if (!ratio.isBeyondNoise()) {
      return "Compared with %s there is no difference beyond noise.".formatted(title);
    }
    return ratio.median() > 1
        ? "It is faster than %s: %s.".formatted(title, speedups(external))
        : text(
            "%s is faster: speedup %.2f against %.2f.",
            title, external.speedup().median(), best.speedup().median());
  }

  /** The gain of the best trial's own value of a dimension, where it is more than noise. */
  private Optional<String> gain(String name, Function<Trial, Object> dimension) {
    return findings
        .alternative(dimension)
        .filter(findings::isSlower)
        .map(
            other ->
                "Its %s alone, %s instead of %s, makes it faster: %s."
                    .formatted(
                        name,
                        dimension.apply(best.trial()),
                        dimension.apply(other.trial()),
                        speedups(other)));
  }

  /** Lists the speedups of the best trial's exports with the same results, all else equal. */
  private Optional<String> exports() {
    List<TrialSummary> measured =
        summary.besides(Trial::export).stream()
            .filter(findings::isRanked)
            .sorted(Comparator.comparingDouble(trial -> -trial.speedup().median()))
            .toList();
    return measured.size() < 2
        ? Optional.empty()
        : Optional.of(
            measured.stream()
                .map(t -> text("%s %.2f", t.trial().export(), t.speedup().median()))
                .collect(Collectors.joining(", ", "Speedups by export alone: ", ".")));
  }

  /** Says what a faster trial gains, and how many of its results differ. */
  private Optional<String> price(TrialSummary faster) {
    return findings
        .ratio(faster, best)
        .filter(ratio -> ratio.isBeyondNoise() && ratio.median() > 1)
        .map(
            ratio ->
                text(
                    "The export %s is %.2f times as fast%s as the recommended one (%s), and %.1f %% of its results differ from those of %s: use it only if that is acceptable.",
                    faster.trial().export(),
                    ratio.median(),
                    range(ratio.interval()),
                    findings.name(faster.trial()),
                    faster.trust().differing() * 100,
                    differsFrom(faster)));
  }

  /** Of few frames, what was measured when the export was made says more. */
  private String differsFrom(TrialSummary trial) {
    Agreement here = trial.trust().agreement();
    return here.same() == null || 1 - here.same() < trial.trust().differing()
        ? "the original, as its serving.properties says"
        : "%s (%s compared)"
            .formatted(summary.serial().trial().export(), Words.count(here.compared(), "frame"));
  }

  private static String range(@Nullable Interval interval) {
    return interval == null ? "" : text(" (%.2f to %.2f)", interval.low(), interval.high());
  }

  private String speedups(TrialSummary other) {
    return text("speedup %.2f against %.2f", best.speedup().median(), other.speedup().median());
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
