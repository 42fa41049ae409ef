package io.tandem.telemetry;

import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.SparkPlugin;

/**
 * Samples every executor and its host while a job runs: cores, memory, garbage collection and GPUs.
 * Tandem's own jobs enable it; any other Spark job can enable it with these settings:
 *
 * <pre>
 * spark.plugins                      io.tandem.telemetry.TelemetryPlugin
 * spark.tandem.telemetry.path        output folder of the Parquet files, on any file system
 * spark.tandem.telemetry.enabled     false: no samples, only clock offsets, metrics and GPU addresses
 * spark.tandem.telemetry.interval    milliseconds between samples; default 200
 * spark.tandem.telemetry.nvidia-smi  the program, if it is not on the path
 * </pre>
 */
public final class TelemetryPlugin implements SparkPlugin {
  /** Spark key: output folder. */
  public static final String PATH = "spark.tandem.telemetry.path";

  /** Spark key: milliseconds between samples. */
  public static final String INTERVAL = "spark.tandem.telemetry.interval";

  /** Spark key: whether to take samples. */
  public static final String ENABLED = "spark.tandem.telemetry.enabled";

  /** Spark key: the {@code nvidia-smi} program. */
  public static final String NVIDIA_SMI = "spark.tandem.telemetry.nvidia-smi";

  @Override
  public DriverPlugin driverPlugin() {
    return new DriverTelemetry();
  }

  @Override
  public ExecutorPlugin executorPlugin() {
    return new ExecutorTelemetry();
  }
}
