package io.tandem.spark;

import io.tandem.conf.Settings;
import io.tandem.conf.ThreadBounds;
import io.tandem.telemetry.TelemetryPlugin;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.lang3.math.NumberUtils;
import org.apache.spark.SparkConf;
import org.apache.spark.api.plugin.SparkPlugin;
import org.jspecify.annotations.Nullable;

/** The configuration of Tandem's Spark applications. */
public final class SparkSettings {
  /** The key that submit.sh sets to "auto" if the user named no master. */
  private static final String MASTER = "spark.tandem.master";

  private static final String PLUGINS = "spark.plugins";

  private static final Pattern LOCAL_SLOTS = Pattern.compile("local\\[(\\d+)");

  private SparkSettings() {}

  /**
   * Returns the configuration of an application: what the call says, and Tandem's own settings
   * where it says nothing. Without a master it is this machine.
   *
   * @param settings what to sample and how to set up the executors; null for reading old runs
   * @param localSlots how many task slots this machine has if the call names no master
   * @param taskCpus the cores of one task
   * @throws ClusterException if the call's GPU settings make no sense
   */
  public static SparkConf of(
      String name, @Nullable Settings settings, int localSlots, int taskCpus) {
    SparkConf conf = new SparkConf().setAppName(name);
    boolean chosen = conf.contains("spark.master") && !"auto".equals(conf.get(MASTER, ""));
    if (!chosen || conf.get("spark.master").isEmpty()) {
      conf.setMaster("local[" + localSlots + "]");
    } else {
      requireFewSlots(conf);
    }
    GpuRequest.check(conf);
    conf.setIfMissing("spark.task.cpus", Integer.toString(taskCpus));
    conf.setIfMissing("spark.ui.showConsoleProgress", "false");
    // A Parquet manifest by pandas has times in nanoseconds, which Spark reads as numbers or not at
    // all.
    conf.setIfMissing("spark.sql.legacy.parquet.nanosAsLong", "true");
    if (conf.get("spark.master").startsWith("local")) { // Several executors on this machine, too.
      conf.setIfMissing("spark.ui.enabled", "false");
      conf.setIfMissing("spark.driver.bindAddress", "127.0.0.1");
      conf.setIfMissing("spark.driver.host", "127.0.0.1");
      conf.setIfMissing("spark.sql.shuffle.partitions", "2");
      keepLittleForPages(conf);
    }
    if (isLocal(conf)) {
      // A task's OutOfMemoryError fails the job, with a sentence; Spark would exit without one.
      conf.setIfMissing("spark.executor.killOnFatalError.depth", "0");
      conf.setIfMissing("spark.hadoop.fs.file.impl", LocalFiles.class.getName());
    }
    if (settings != null) {
      bounds(conf).check(settings.lane());
      setUpExecutors(settings.engine(), conf);
      S3Output.commitWithoutRenaming(settings.output(), conf);
      switchOn(settings.telemetry(), conf);
    }
    return conf;
  }

  /** Returns how many threads and lanes a session of this configuration may have. */
  public static ThreadBounds bounds(SparkConf conf) {
    return isLocal(conf) ? ThreadBounds.ofMachine(Session.localCores()) : ThreadBounds.ofCluster();
  }

  private static void requireFewSlots(SparkConf conf) {
    String master = conf.get("spark.master");
    Matcher slots = LOCAL_SLOTS.matcher(master);
    if (slots.lookingAt()) {
      bounds(conf).checkSlots(master, NumberUtils.toLong(slots.group(1), Long.MAX_VALUE));
    }
  }

  /** Returns whether a session of this configuration works in this JVM alone. */
  public static boolean isLocal(SparkConf conf) {
    return conf.get("spark.master").matches("local(\\[.*\\])?");
  }

  /** Limits the data that Spark keeps for its web UI, so that it does not grow with the work. */
  private static void keepLittleForPages(SparkConf conf) {
    if (conf.getBoolean("spark.ui.enabled", true)) {
      return;
    }
    conf.setIfMissing("spark.ui.retainedJobs", "20");
    conf.setIfMissing("spark.ui.retainedStages", "20");
    conf.setIfMissing("spark.ui.retainedTasks", "1000");
    conf.setIfMissing("spark.sql.ui.retainedExecutions", "5");
  }

  /** Sets what an executor's environment must have before its JVM starts. */
  private static void setUpExecutors(Settings.Engine engine, SparkConf conf) {
    // Threads of other tasks use no more than themselves; lanes set their own number.
    conf.setIfMissing("spark.executorEnv.OMP_NUM_THREADS", "1");
    // As in submit.sh: glibc keeps arrays of activations between forward passes.
    conf.setIfMissing("spark.executorEnv.MALLOC_MMAP_THRESHOLD_", "1073741824");
    conf.setIfMissing("spark.executorEnv.MALLOC_TRIM_THRESHOLD_", "1073741824");
    conf.setIfMissing("spark.executorEnv.MALLOC_TOP_PAD_", "67108864");
    // CUDA would count the fastest GPU first; nvidia-smi, and so Spark, counts by the bus.
    conf.setIfMissing("spark.executorEnv.CUDA_DEVICE_ORDER", "PCI_BUS_ID");
    // As submit.sh starts the driver. The call's own options come last, and override these.
    boolean ownCollector =
        conf.get("spark.executor.extraJavaOptions", "").matches(".*-XX:\\+Use\\w+GC.*");
    conf.setIfMissing(
        "spark.executor.defaultJavaOptions",
        "-XX:TieredStopAtLevel=1 -XX:CompileThresholdScaling=0.25 -XX:ReservedCodeCacheSize=256m -XX:MetaspaceSize=256m"
            + (ownCollector ? "" : " -XX:+UseParallelGC"));
    if (!engine.tf32()) {
      conf.setIfMissing("spark.executorEnv.NVIDIA_TF32_OVERRIDE", "0");
    }
  }

  /** Adds the telemetry plugin; lanes ask it for clocks and GPUs even if it takes no samples. */
  private static void switchOn(Settings.Telemetry telemetry, SparkConf conf) {
    addPlugin(TelemetryPlugin.class, conf);
    conf.setIfMissing(TelemetryPlugin.ENABLED, Boolean.toString(telemetry.enabled()));
    conf.setIfMissing(TelemetryPlugin.INTERVAL, Long.toString(telemetry.intervalMillis()));
    conf.setIfMissing(TelemetryPlugin.NVIDIA_SMI, telemetry.nvidiaSmi());
  }

  /** Adds a plugin to those that the call names. */
  public static void addPlugin(Class<? extends SparkPlugin> plugin, SparkConf conf) {
    String ours = plugin.getName();
    String plugins = conf.get(PLUGINS, "");
    if (!hasPlugin(plugin, conf)) {
      conf.set(PLUGINS, plugins.isEmpty() ? ours : plugins + "," + ours);
    }
  }

  /** Returns whether an application of this configuration has a plugin. */
  public static boolean hasPlugin(Class<? extends SparkPlugin> plugin, SparkConf conf) {
    return List.of(conf.get(PLUGINS, "").split("\\s*,\\s*", -1)).contains(plugin.getName());
  }
}
