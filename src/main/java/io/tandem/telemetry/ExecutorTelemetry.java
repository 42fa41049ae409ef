package io.tandem.telemetry;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.resource.ResourceInformation;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The executor's side of the plugin: samples, and sends them to the driver. */
final class ExecutorTelemetry implements ExecutorPlugin {
  private static final Logger LOG = LoggerFactory.getLogger(ExecutorTelemetry.class);

  private @Nullable Sampler sampler;
  private @Nullable NvidiaSmi gpus;
  private @Nullable ExecutorClock clock;

  @Override
  public void init(PluginContext context, Map<String, String> unused) {
    LaneMetrics.register(context.metricRegistry());
    ResourceInformation granted = context.resources().get("gpu");
    ExecutorGpus.grant(granted == null ? List.of() : List.of(granted.addresses()));
    SparkConf conf = context.conf();
    long interval = conf.getLong(TelemetryPlugin.INTERVAL, 200);
    NvidiaSmi smi =
        NvidiaSmi.start(
            conf.get(TelemetryPlugin.NVIDIA_SMI, "nvidia-smi"),
            interval,
            Path.of(
                System.getProperty("java.io.tmpdir"),
                "tandem-nvidia-smi-" + System.getProperty("user.name") + ".lock"));
    gpus = smi;
    if (!ExecutorClock.isDrivers(context.executorID())) {
      clock = ExecutorClock.start(() -> context.ask(new ExecutorClock.Question()));
    }
    sampler =
        Sampler.start(
            () -> new Sensors(context.executorID(), hostName(), smi::latest),
            interval,
            chunk -> send(context, chunk));
  }

  /** As the lanes' rows have it; a cluster's executors have no other (their RPC has no address). */
  private static String hostName() {
    return SparkEnv.get().blockManager().blockManagerId().host();
  }

  private static void send(PluginContext context, Sampler.Chunk chunk) {
    try {
      context.send(chunk);
    } catch (IOException | RuntimeException e) {
      LOG.debug("a second of telemetry did not reach the driver", e);
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
    }
  }
}
