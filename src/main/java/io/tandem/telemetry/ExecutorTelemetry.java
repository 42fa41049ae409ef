package io.tandem.telemetry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.resource.ResourceInformation;
import org.apache.spark.storage.BlockManagerId;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Executor side of the plugin: takes samples and sends them to the driver. */
final class ExecutorTelemetry implements ExecutorPlugin {
  private static final Logger LOG = LoggerFactory.getLogger(ExecutorTelemetry.class);

  private @Nullable Sampler sampler;
  private @Nullable NvidiaSmi gpus;
  private @Nullable ExecutorClock clock;

  @Override
  public void init(PluginContext context, Map<String, String> unused) {
    TelemetryState state = TelemetryState.ofThisJvm();
    state.setMetrics(new LaneMetrics(context.metricRegistry()));
    ResourceInformation granted = context.resources().get("gpu");
    state.setGpus(granted == null ? List.of() : List.of(granted.addresses()));
    SparkConf conf = context.conf();
    if (!ExecutorClock.isDrivers(context.executorID())) {
      ExecutorClock started = ExecutorClock.start(() -> context.ask(new ExecutorClock.Question()));
      state.setClock(started);
      clock = started;
    }
    if (conf.getBoolean(TelemetryPlugin.ENABLED, true)) {
      sample(context, conf);
    }
  }

  private void sample(PluginContext context, SparkConf conf) {
    long interval = conf.getLong(TelemetryPlugin.INTERVAL, 200);
    NvidiaSmi smi =
        NvidiaSmi.start(
            conf.get(TelemetryPlugin.NVIDIA_SMI, "nvidia-smi"),
            interval,
            hostsFolder()
                .resolve("tandem-nvidia-smi-" + System.getProperty("user.name") + ".lock"));
    gpus = smi;
    sampler =
        Sampler.start(
            () -> new Sensors(context.executorID(), hostName(), smi::latest),
            interval,
            chunk -> send(context, chunk));
  }

  /**
   * Returns a folder shared by all executors of a host; YARN assigns each executor its own
   * temporary folder.
   */
  private static Path hostsFolder() {
    Path tmp = Path.of("/tmp");
    return Files.isWritable(tmp) ? tmp : Path.of(System.getProperty("java.io.tmpdir"));
  }

  /**
   * Returns the host name as in the lanes' rows. The plugin context does not have it on a cluster's
   * executors, whose RPC has no address. In local mode plugins start before the block manager is
   * registered, so this method waits for it.
   */
  private static String hostName() {
    while (!Thread.currentThread().isInterrupted()) {
      SparkEnv env = SparkEnv.get();
      BlockManagerId id = env == null ? null : env.blockManager().blockManagerId();
      if (id != null) {
        return id.host();
      }
      LockSupport.parkNanos(20_000_000);
    }
    throw new IllegalStateException("the executor ended before its host name was known");
  }

  private static void send(PluginContext context, Sampler.Chunk chunk) {
    try {
      context.send(chunk);
    } catch (IOException | RuntimeException e) {
      LOG.debug("one second of telemetry did not reach the driver", e);
    }
  }

  @Override
  public void shutdown() {
    if (sampler != null) {
      sampler.close();
    }
    if (gpus != null) {
      gpus.close();
    }
    if (clock != null) {
      clock.stop();
      TelemetryState.ofThisJvm().remove(clock);
    }
  }
}
