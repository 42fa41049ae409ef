package io.tandem.summary;

import io.tandem.conf.Device;
import io.tandem.trial.Environment;
import io.tandem.trial.Trial;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Compares trials with what their stages reach alone. */
final class TrialCeilings {
  private final Environment environment;

  TrialCeilings(Environment environment) {
    this.environment = environment;
  }

  TrialSummary.Ceiling of(Trial trial, Collection<TrialRound> rounds) {
    return new TrialSummary.Ceiling(
        Medians.ofKnown(rounds, r -> r.ceilings().forwardFps()),
        Medians.ofKnown(rounds, r -> r.ceilings().decodeFps()),
        Medians.ofKnown(rounds, r -> ratio(trial, r)));
  }

  /**
   * Returns the throughput by what the stages reach together. Stages that share the cores take
   * turns, so the times of a frame add up; otherwise the slower one limits.
   */
  private @Nullable Double ratio(Trial trial, TrialRound round) {
    Double forward = round.ceilings().forwardFps();
    Double decode = round.ceilings().decodeFps();
    if (forward == null || decode == null) {
      return null;
    }
    double both = sharesCores(trial) ? 1 / (1 / forward + 1 / decode) : Math.min(forward, decode);
    return round.framesPerSecond() / both;
  }

  private boolean sharesCores(Trial trial) {
    int decoders = environment.decodeThreads(trial.device());
    boolean enough =
        trial.concurrency() * (trial.intraOpThreads() + decoders) <= environment.cores();
    return decoders == 0 || (trial.device() == Device.Kind.CPU && !enough);
  }
}
