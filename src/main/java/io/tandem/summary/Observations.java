package io.tandem.summary;

import io.tandem.conf.Device;
import io.tandem.conf.ModelScope;
import io.tandem.trial.Trial;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * Writes what a benchmark shows besides its best trial: more lanes than cores, models loaded for
 * each prediction, external implementations, and what single dimensions gain.
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
    crowded().ifPresent(sentences::add);
    reloaded().ifPresent(sentences::add);
    summary.external().forEach(external -> comparedWith(external).ifPresent(sentences::add));
    gain("device", Trial::device).ifPresent(sentences::add);
    gain("precision", Trial::precision).ifPresent(sentences::add);
    gain("batch size", Trial::batchSize).ifPresent(sentences::add);
    return sentences;
  }

  /** Threads beyond the cores: no faster, or slower, and each prediction takes longer. */
  private Optional<String> crowded() {
    int cores = summary.environment().cores();
    return findings
        .mostLanes()
        .filter(t -> t.trial().device() == Device.Kind.CPU)
        .filter(t -> t.trial().threads() > cores)
        .filter(t -> best.trial().threads() <= cores)
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
        crowd.trial().concurrency(), ratio.median(), difference(ratio), calls);
  }

  private static String difference(Ratio ratio) {
    if (!ratio.isBeyondNoise()) {
      return "no difference beyond noise";
    }
    return ratio.median() < 1 ? "slower" : "faster";
  }

  private Optional<String> reloaded() {
    for (TrialSummary reloaded : summary.trials()) {
      Optional<TrialSummary> shared =
          summary.trials().stream()
              .filter(t -> t.trial().modelScope() == ModelScope.EXECUTOR)
              .filter(t -> Findings.differOnlyIn(Trial::modelScope, t.trial(), reloaded.trial()))
              .findFirst();
      if (reloaded.trial().modelScope() == ModelScope.PREDICTION && shared.isPresent()) {
        return findings.ratio(reloaded, shared.get()).map(ratio -> reloaded(reloaded, ratio));
      }
    }
    return Optional.empty();
  }

  private String reloaded(TrialSummary reloaded, Ratio ratio) {
    return text(
        "A model loaded for each prediction reaches %.2f of the frames/s of one that is loaded once (%s): avoid it.",
        ratio.median(), findings.name(reloaded.trial()));
  }

  /** Compares the best with an external implementation whose row is valid. */
  private Optional<String> comparedWith(TrialSummary external) {
    String title = Objects.requireNonNull(external.trial().external()).title();
    return external.valid()
        ? findings.ratio(best, external).map(ratio -> comparedWith(title, ratio))
        : Optional.empty();
  }

  private static String comparedWith(String title, Ratio ratio) {
    if (!ratio.isBeyondNoise()) {
      return "Compared with %s there is no difference beyond noise.".formatted(title);
    }
    return ratio.median() > 1
        ? text("It is %.2f times as fast as %s.", ratio.median(), title)
        : text("%s is %.2f times as fast as the best trial.", title, 1 / ratio.median());
  }

  /** The gain of the best trial's own value of a dimension, where it is more than noise. */
  private Optional<String> gain(String name, Function<Trial, Object> dimension) {
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
                                "Its %s alone, %s instead of %s, makes it %.2f times as fast.",
                                name,
                                dimension.apply(best.trial()),
                                dimension.apply(other.trial()),
                                ratio.median())));
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
