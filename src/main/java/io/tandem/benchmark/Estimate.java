package io.tandem.benchmark;

import io.tandem.conf.BenchmarkSettings;
import io.tandem.conf.Device;
import io.tandem.conf.Export;
import io.tandem.conf.ModelScope;
import io.tandem.trial.Plan;
import io.tandem.trial.Trial;
import java.util.HashMap;
import java.util.Map;

/**
 * Estimates the minimum duration of a plan from one forward pass of each export on each device, and
 * how many frames fit a time. Excludes decoding and model loading.
 */
final class Estimate {
  /** Observed overhead of a trial in seconds: scheduling and writing. */
  private static final double SECONDS_AROUND = 0.4;

  private final BenchmarkSettings settings;
  private final int cores;
  private final Map<Measured, Double> frameSeconds = new HashMap<>();

  private record Measured(Device.Kind device, Export export) {}

  Estimate(BenchmarkSettings settings, int cores) {
    this.settings = settings;
    this.cores = cores;
  }

  /**
   * Adds a measured forward pass.
   *
   * @param frameSeconds seconds per frame in the forward pass of one lane
   */
  void add(Device.Kind device, Export export, double frameSeconds) {
    this.frameSeconds.put(new Measured(device, export), frameSeconds);
  }

  /** Returns the duration of the first rounds, in seconds. */
  double seconds(Plan plan, int frames, int rounds) {
    double sum = 0;
    for (int round = 1; round <= rounds; round++) {
      for (Trial trial : plan.trials()) {
        sum += seconds(trial, frames, round);
      }
    }
    return sum;
  }

  /**
   * Returns the duration of the first rounds if after each of them the slowest half is dropped, but
   * for the baselines and the fastest trial with each export.
   */
  private double secondsWithElimination(Plan plan, int frames, int rounds) {
    long exports = plan.trials().stream().map(Trial::export).distinct().count();
    double left = plan.trials().size();
    double sum = 0;
    for (int round = 1; round <= rounds; round++) {
      double all = 0;
      for (Trial trial : plan.trials()) {
        all += seconds(trial, frames, round);
      }
      sum += all * left / plan.trials().size();
      left = Math.max(Math.min(left, exports + 2.0), left / 2);
    }
    return sum;
  }

  /** Returns the seconds of a frame in one lane; of the slowest export or device. */
  double slowestFrame() {
    return frameSeconds.values().stream().mapToDouble(Double::doubleValue).max().orElse(0);
  }

  /**
   * Returns with how many frames the first rounds take at most some seconds; at least so many that
   * each lane of each trial has a full batch. If even these take longer, the slowest trials will be
   * dropped, and frames are chosen for the others.
   *
   * @param most the frames that there are
   */
  int frames(Plan plan, int most, int rounds, double seconds) {
    int least =
        plan.trials().stream().mapToInt(t -> t.concurrency() * t.batchSize()).max().orElse(1);
    int fits = Math.min(least, most);
    boolean drops = seconds(plan, fits, rounds) > seconds;
    int tooMany = most + 1;
    while (tooMany - fits > 1) {
      int middle = fits + (tooMany - fits) / 2;
      double takes =
          drops ? secondsWithElimination(plan, middle, rounds) : seconds(plan, middle, rounds);
      if (takes <= seconds) {
        fits = middle;
      } else {
        tooMany = middle;
      }
    }
    return fits;
  }

  private double seconds(Trial trial, int frames, int round) {
    double each = frameSeconds.getOrDefault(new Measured(trial.device(), trial.export()), 0.0);
    // Threads beyond the cores, and lanes that share a GPU, take turns.
    boolean cpu = trial.device() == Device.Kind.CPU;
    int working = cpu ? trial.processors(cores) : 1;
    double batch = each * trial.batchSize() * trial.concurrency() / working;
    int warmups = settings.times().warmupBatches();
    int warmupsNow = round > 1 && trial.modelScope() == ModelScope.EXECUTOR ? 1 : warmups;
    double ceilingSeconds =
        round <= TrialTask.CEILING_ROUNDS ? settings.times().ceilingSeconds() : 0;
    double ceilings =
        ceilingSeconds == 0
            ? 0
            : TrialTask.ceilingWarmups(trial.modelScope(), warmups) * batch
                + Math.max(ceilingSeconds, batch)
                + ceilingSeconds;
    return Math.max(settings.times().warmupSeconds(), warmupsNow * batch)
        + Math.max(settings.times().minSeconds(), frames * each / working)
        + ceilings
        + SECONDS_AROUND;
  }
}
