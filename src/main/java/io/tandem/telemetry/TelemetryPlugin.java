package io.tandem.telemetry;

import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.SparkPlugin;

/**
 * Tells what every executor and its host are doing while a job runs: cores, memory, garbage
 * collection and GPUs. Tandem's own jobs switch it on; any other Spark job can, by these settings
 * of Spark:
 *
 * <pre>
 * spark.plugins                      io.tandem.telemetry.TelemetryPlugin
 * spark.tandem.telemetry.path        where to write Parquet to, on any file system
 * spark.tandem.telemetry.enabled     false: no samples, only clocks, metrics, and which GPUs there are
 * spark.tandem.telemetry.interval    milliseconds between samples; 200
 * spark.tandem.telemetry.nvidia-smi  the program, where it is not on the path
 * </pre>
 */
public final class TelemetryPlugin implements SparkPlugin {
  public static final String PATH = "spark.tandem.telemetry.path";
  public static final String INTERVAL = "spark.tandem.telemetry.interval";
  public static final String ENABLED = "spark.tandem.telemetry.enabled";
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
