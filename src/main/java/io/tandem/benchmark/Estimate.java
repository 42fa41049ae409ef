package io.tandem.benchmark;

import io.tandem.conf.BenchmarkSettings;
import io.tandem.conf.Device;
import io.tandem.conf.Export;
import io.tandem.trial.Plan;
import io.tandem.trial.Trial;
import java.util.HashMap;
import java.util.Map;

/**
 * Estimates the minimum duration of a plan from one forward pass of each export on each device.
 * Excludes decoding and model loading.
 */
final class Estimate {
  /** Observed overhead of a trial in seconds: scheduling and writing. */
  private static final double SECONDS_AROUND = 0.4;

  private final BenchmarkSettings settings;
  private final int frames;
  private final int cores;
  private final Map<Measured, Double> frameSeconds = new HashMap<>();

  private record Measured(Device.Kind device, Export export) {}

  Estimate(BenchmarkSettings settings, int frames, int cores) {
    this.settings = settings;
    this.frames = frames;
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

  /** Returns the duration of one round, in seconds. */
  double round(Plan plan) {
    return plan.trials().stream().mapToDouble(this::seconds).sum();
  }

  private double seconds(Trial trial) {
    double each = frameSeconds.getOrDefault(new Measured(trial.device(), trial.export()), 0.0);
    // Threads beyond the cores, and lanes that share a GPU, take turns.
    boolean cpu = trial.device() == Device.Kind.CPU;
    int working = cpu ? trial.processors(cores) : 1;
    double batch = each * trial.batchSize() * trial.concurrency() / working;
    double warm = settings.times().warmupBatches() * batch;
    double ceilings =
        settings.times().ceilingSeconds() == 0
            ? 0
            : warm
                + Math.max(settings.times().ceilingSeconds(), batch)
                + settings.times().ceilingSeconds();
    return Math.max(settings.times().warmupSeconds(), warm)
        + Math.max(settings.times().minSeconds(), frames * each / working)
        + ceilings
        + SECONDS_AROUND;
  }
}
