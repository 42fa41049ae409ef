package io.tandem.summary;

import io.tandem.conf.Device;
import io.tandem.conf.ModelScope;
import io.tandem.summary.Verdict.Limit;
import io.tandem.trial.Environment;
import io.tandem.trial.Trial;

/**
 * Applies the written rules from numbers to the limit of the best trial: the first that applies
 * names it. Each uses recorded numbers only.
 */
final class Limits {
  /** The load from which cores, or a GPU, are full. */
  private static final double FULL = 0.9;

  /** The share of waiting from which lanes are limited by their files. */
  private static final double WAITING = 0.2;

  /** The share of a CPU quota's periods from which it is what limits the lanes. */
  private static final double HELD_BACK = 0.2;

  /** The gain of parallel predictions under which a GPU is saturated. */
  private static final double LITTLE_GAIN = 1.3;

  private final Environment environment;
  private final Findings findings;
  private final TrialSummary best;

  private Limits(Environment environment, Findings findings) {
    this.environment = environment;
    this.findings = findings;
    this.best = findings.best();
  }

  /** Returns the limit that the first applicable rule names. */
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
    double own = best.load().cpu();
    if (own >= FULL) {
      return Limit.CORES_FULL;
    }
    if (findings.throttled() >= HELD_BACK) {
      return Limit.CPU_QUOTA;
    }
    return own + findings.takenByOthers() >= FULL ? Limit.OTHER_PROGRAMS : notFull();
  }

  /** Decides by the GPU's load; where that is unknown, by the gain of its lanes. */
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
