package io.tandem.job;

import io.tandem.conf.Settings;
import io.tandem.conf.UsageException;
import io.tandem.telemetry.TelemetryPlugin;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;
import org.jspecify.annotations.Nullable;

/** A Spark session, and what the jobs ask of it. */
public final class Session implements AutoCloseable {
  /** submit.sh sets it to "auto" where the user named no master. */
  private static final String MASTER = "spark.tandem.master";

  private final SparkSession spark;

  private Session(SparkSession spark) {
    this.spark = spark;
  }

  /** The cores that this JVM may use: those that its cgroup grants. */
  public static int localCores() {
    return Runtime.getRuntime().availableProcessors();
  }

  /**
   * Opens a session on the master that the call names, or else on this machine.
   *
   * @param telemetry what to sample, or null
   * @param localSlots how many task slots this machine shall have, where no master is named
   * @param taskCpus the cores of one task
   */
  static Session open(
      String name, Settings.@Nullable Telemetry telemetry, int localSlots, int taskCpus) {
    SparkConf conf = new SparkConf().setAppName(name);
    boolean chosen = conf.contains("spark.master") && !"auto".equals(conf.get(MASTER, ""));
    if (!chosen || conf.get("spark.master").isEmpty()) {
      conf.setMaster("local[" + localSlots + "]");
    }
    conf.setIfMissing("spark.task.cpus", Integer.toString(taskCpus));
    conf.setIfMissing("spark.ui.showConsoleProgress", "false");
    if (conf.get("spark.master").startsWith("local")) {
      conf.setIfMissing("spark.ui.enabled", "false");
      conf.setIfMissing("spark.driver.bindAddress", "127.0.0.1");
      conf.setIfMissing("spark.driver.host", "127.0.0.1");
      conf.setIfMissing("spark.sql.shuffle.partitions", "2");
    }
    if (telemetry != null && telemetry.enabled()) {
      switchOn(telemetry, conf);
    }
    return new Session(SparkSession.builder().config(conf).getOrCreate());
  }

  /** One slot on this machine, or the master that the call names, for reading what a run left. */
  public static Session open(String name) {
    return open(name, null, localCores(), 1);
  }

  /** Beside the plugins that the call names. */
  private static void switchOn(Settings.Telemetry telemetry, SparkConf conf) {
    String ours = TelemetryPlugin.class.getName();
    String plugins = conf.get("spark.plugins", "");
    if (!List.of(plugins.split(",")).contains(ours)) {
      conf.set("spark.plugins", plugins.isEmpty() ? ours : plugins + "," + ours);
    }
    conf.setIfMissing(TelemetryPlugin.INTERVAL, Long.toString(telemetry.intervalMillis()));
    conf.setIfMissing(TelemetryPlugin.NVIDIA_SMI, telemetry.nvidiaSmi());
  }

  public SparkSession spark() {
    return spark;
  }

  public JavaSparkContext context() {
    return JavaSparkContext.fromSparkContext(spark.sparkContext());
  }

  public Configuration hadoop() {
    return spark.sparkContext().hadoopConfiguration();
  }

  public Broadcast<SerializableConfiguration> broadcastHadoop() {
    return context().broadcast(new SerializableConfiguration(hadoop()));
  }

  public boolean isLocal() {
    return spark.sparkContext().isLocal();
  }

  /** How many tasks can work at the same time. */
  public int slots() {
    SparkContext sc = spark.sparkContext();
    return sc.maxNumConcurrentTasks(sc.resourceProfileManager().defaultResourceProfile());
  }

  /** The cores that the lanes share: this machine's, or as many as the cluster has task slots. */
  public int cores() {
    return isLocal() ? localCores() : slots();
  }

  /** Refuses what would hang: barrier tasks wait for slots that never come. */
  void requireSlots(int lanes) {
    int slots = slots();
    if (slots < lanes) {
      throw new UsageException(
          "%d lanes need %d task slots, but %s has %d; give it more slots, or ask for fewer lanes by benchmark.concurrency"
              .formatted(lanes, lanes, spark.sparkContext().master(), slots));
    }
  }

  @Override
  public void close() {
    spark.stop();
  }
}
