package io.tandem.telemetry;

import io.tandem.timing.EpochClock;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkContext;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.jspecify.annotations.Nullable;

/** Driver side of the plugin: receives samples and writes them to the folder of the recording. */
final class DriverTelemetry implements DriverPlugin {
  /** Driver time of each executor's latest sample, in epoch microseconds. */
  private final Map<String, Long> latestUs = new ConcurrentHashMap<>();

  private volatile @Nullable TelemetryWriter writer;

  @Override
  public Map<String, String> init(SparkContext context, PluginContext plugin) {
    TelemetryState.ofThisJvm().setDriver(this);
    String path = plugin.conf().get(TelemetryPlugin.PATH, "");
    if (!path.isEmpty()) {
      start(new Path(path), context.hadoopConfiguration());
    }
    return new HashMap<>();
  }

  /** Starts to write samples to the folder; stops an earlier recording. */
  void start(Path folder, Configuration hadoop) {
    stop();
    writer = new TelemetryWriter(folder, hadoop);
  }

  /** Stops the recording, if one is active. */
  void stop() {
    TelemetryWriter open = writer;
    writer = null;
    if (open != null) {
      open.close();
    }
  }

  /**
   * Returns whether every known executor has sent a sample taken at or after this time, in epoch
   * microseconds.
   */
  boolean hasSeen(long us) {
    return latestUs.values().stream().allMatch(latest -> latest >= us);
  }

  /** Returns the driver's time in epoch microseconds. */
  static Long answer() {
    return EpochClock.ofThisJvm().micros(System.nanoTime());
  }

  @Override
  public @Nullable Object receive(Object message) {
    if (message instanceof ExecutorClock.Question) {
      return answer();
    }
    if (message instanceof Sampler.Chunk chunk) {
      TelemetryWriter open = writer;
      for (Sample sample : chunk.samples()) {
        if (open != null) {
          open.add(sample);
        }
        ClockOffset clock = sample.clock();
        latestUs.put(sample.executor(), sample.atUs() - (clock == null ? 0 : clock.offsetUs()));
      }
    }
    return null;
  }

  @Override
  public void shutdown() {
    stop();
    TelemetryState.ofThisJvm().remove(this);
  }
}
