package io.tandem.telemetry;

import io.tandem.timing.EpochClock;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkContext;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.jspecify.annotations.Nullable;

/** The driver's side of the plugin: takes samples in, and writes them where a recording wants. */
final class DriverTelemetry implements DriverPlugin {
  private static final AtomicReference<@Nullable DriverTelemetry> CURRENT = new AtomicReference<>();

  /** Of each executor, when its latest sample was taken. */
  private final Map<String, Long> latestUs = new ConcurrentHashMap<>();

  private volatile @Nullable TelemetryWriter writer;

  @Override
  public Map<String, String> init(SparkContext context, PluginContext plugin) {
    CURRENT.set(this);
    String path = plugin.conf().get(TelemetryPlugin.PATH, "");
    if (!path.isEmpty()) {
      start(new Path(path), context.hadoopConfiguration());
    }
    return new HashMap<>();
  }

  static @Nullable DriverTelemetry current() {
    return CURRENT.get();
  }

  void start(Path folder, Configuration hadoop) {
    stop();
    writer = new TelemetryWriter(folder, hadoop);
  }

  void stop() {
    TelemetryWriter open = writer;
    writer = null;
    if (open != null) {
      open.close();
    }
  }

  /** Whether each executor that has told anything yet has told of this moment, too. */
  boolean hasSeen(long us) {
    return latestUs.values().stream().allMatch(latest -> latest >= us);
  }

  /** The driver's epoch microseconds. */
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
    CURRENT.compareAndSet(this, null);
  }
}
