package io.tandem.summary;

import io.tandem.conf.Device;
import io.tandem.conf.ModelScope;
import io.tandem.summary.Verdict.Limit;
import io.tandem.trial.Environment;
import io.tandem.trial.Trial;

/**
 * The written rules from numbers to the limit of the best trial, as the README lists them: the
 * first that applies names it. Each looks at recorded numbers only.
 */
final class Limits {
  /** Cores, or a GPU, that are busy for so much of the time are full. */
  private static final double FULL = 0.9;

  /** Lanes that wait for files for more than this share of their time are limited by reading. */
  private static final double WAITING = 0.2;

  /** Parallel predictions that gain less than this on one GPU have found it saturated. */
  private static final double LITTLE_GAIN = 1.3;

  private final Environment environment;
  private final Findings findings;
  private final TrialSummary best;

  private Limits(Environment environment, Findings findings) {
    this.environment = environment;
    this.findings = findings;
    this.best = findings.best();
  }

  static Limit of(Environment environment, Findings findings) {
    return new Limits(environment, findings).limit();
  }

  private Limit limit() {
    Trial trial = best.trial();
    if (trial.modelScope() == ModelScope.PREDICTION) {
      return Limit.MODEL_LOADING;
    }
    boolean helpersDecode = environment.decodeThreads(trial.device()) > 0;
    if (findings.share("lane_wait") > WAITING) {
      boolean decoding = helpersDecode && findings.share("decode") > findings.share("read");
      return decoding ? Limit.DECODING : Limit.READING;
    }
    if (!helpersDecode && findings.share("decode") > findings.share("forward")) {
      return Limit.DECODING;
    }
    if (trial.device() == Device.Kind.GPU) {
      return isSaturated() ? Limit.DEVICE_SATURATED : notFull();
    }
    if (trial.threads() > environment.cores()) {
      return Limit.OVERSUBSCRIBED;
    }
    return best.load().cpu() >= FULL ? Limit.CORES_FULL : notFull();
  }

  /** By what the GPU says of itself; where it says nothing, by what lanes gain on it. */
  private boolean isSaturated() {
    Double busy = best.load().gpu();
    return busy != null
        ? busy >= FULL
        : findings.mostLanes().flatMap(findings::gain).map(g -> g < LITTLE_GAIN).orElse(false);
  }

  private Limit notFull() {
    return findings.isTheWidest() ? Limit.NOTHING_YET : Limit.SOMETHING_ELSE;
  }
}
