package io.tandem.spark;

import io.tandem.conf.Device;
import io.tandem.conf.Settings;
import io.tandem.telemetry.TelemetryPlugin;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.plugin.SparkPlugin;
import org.apache.spark.deploy.SparkHadoopUtil;
import org.apache.spark.resource.ResourceProfile;
import org.apache.spark.resource.ResourceProfileBuilder;
import org.apache.spark.resource.TaskResourceRequests;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;
import org.jspecify.annotations.Nullable;

/** A Spark session, and what the jobs ask of it. */
public final class Session implements AutoCloseable {
  /** submit.sh sets it to "auto" where the user named no master. */
  private static final String MASTER = "spark.tandem.master";

  /** When no executor has come for so long, all are here. */
  private static final long SETTLED_NANOS = 2_000_000_000L;

  private static final long LONGEST_WAIT_NANOS = 300_000_000_000L;

  private static final String S3A = "org.apache.hadoop.fs.s3a.S3AFileSystem";

  private final SparkSession spark;
  private @Nullable ResourceProfile cpuTasks;

  private Session(SparkSession spark) {
    this.spark = spark;
    withS3(spark.sparkContext().hadoopConfiguration());
  }

  /** The cores that this JVM may use: those that its cgroup grants. */
  public static int localCores() {
    return Runtime.getRuntime().availableProcessors();
  }

  /**
   * What Spark is asked for: by the call, and by Tandem where the call says nothing. Without a
   * master it is this machine.
   *
   * @param settings what to sample and how to set up the executors; null for reading old runs
   * @param localSlots how many task slots this machine shall have, where no master is named
   * @param taskCpus the cores of one task
   * @throws ClusterException where the call's GPU settings make no sense
   */
  public static SparkConf conf(
      String name, @Nullable Settings settings, int localSlots, int taskCpus) {
    SparkConf conf = new SparkConf().setAppName(name);
    boolean chosen = conf.contains("spark.master") && !"auto".equals(conf.get(MASTER, ""));
    if (!chosen || conf.get("spark.master").isEmpty()) {
      conf.setMaster("local[" + localSlots + "]");
    }
    GpuRequest.check(conf);
    conf.setIfMissing("spark.task.cpus", Integer.toString(taskCpus));
    conf.setIfMissing("spark.ui.showConsoleProgress", "false");
    if (conf.get("spark.master").startsWith("local")) { // Several executors on this machine, too.
      conf.setIfMissing("spark.ui.enabled", "false");
      conf.setIfMissing("spark.driver.bindAddress", "127.0.0.1");
      conf.setIfMissing("spark.driver.host", "127.0.0.1");
      conf.setIfMissing("spark.sql.shuffle.partitions", "2");
      keepLittleForPages(conf);
    }
    if (isLocal(conf)) {
      conf.setIfMissing("spark.hadoop.fs.file.impl", LocalFiles.class.getName());
    }
    if (settings != null) {
      setUpExecutors(settings.engine(), conf);
      S3Output.commitWithoutRenaming(settings.output(), conf);
      switchOn(settings.telemetry(), conf);
    }
    return conf;
  }

  /** Whether a session works in this JVM alone. */
  public static boolean isLocal(SparkConf conf) {
    return conf.get("spark.master").matches("local(\\[.*\\])?");
  }

  /** Hadoop's configuration as a session of this configuration will have it. */
  public static Configuration hadoop(SparkConf conf) {
    return withS3(SparkHadoopUtil.get().newConfiguration(conf));
  }

  /** Lists of objects often say s3:, which is EMR's own; elsewhere it is the same as s3a:. */
  private static Configuration withS3(Configuration hadoop) {
    hadoop.setIfUnset("fs.s3.impl", S3A);
    return hadoop;
  }

  public static Session open(SparkConf conf) {
    return new Session(Sessions.of(conf));
  }

  public static Session open(
      String name, @Nullable Settings settings, int localSlots, int taskCpus) {
    return open(conf(name, settings, localSlots, taskCpus));
  }

  /** Nobody sees Spark's own pages here: what it keeps for them must not grow with the work. */
  private static void keepLittleForPages(SparkConf conf) {
    if (conf.getBoolean("spark.ui.enabled", true)) {
      return;
    }
    conf.setIfMissing("spark.ui.retainedJobs", "20");
    conf.setIfMissing("spark.ui.retainedStages", "20");
    conf.setIfMissing("spark.ui.retainedTasks", "1000");
    conf.setIfMissing("spark.sql.ui.retainedExecutions", "5");
  }

  /** One slot on this machine, or the master that the call names, for reading what a run left. */
  public static Session open(String name) {
    return open(name, null, localCores(), 1);
  }

  /** What must stand in an executor's environment before its JVM starts. */
  private static void setUpExecutors(Settings.Engine engine, SparkConf conf) {
    // Threads that nobody pins are none but the caller; lanes set their own number.
    conf.setIfMissing("spark.executorEnv.OMP_NUM_THREADS", "1");
    // CUDA would count the fastest GPU first; nvidia-smi, and so Spark, counts by the bus.
    conf.setIfMissing("spark.executorEnv.CUDA_DEVICE_ORDER", "PCI_BUS_ID");
    // As submit.sh starts the driver. Options of the call's own come behind, and overrule.
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

  /** Beside the plugins that the call names; lanes ask it for clocks and GPUs in any case. */
  private static void switchOn(Settings.Telemetry telemetry, SparkConf conf) {
    addPlugin(TelemetryPlugin.class, conf);
    conf.setIfMissing(TelemetryPlugin.ENABLED, Boolean.toString(telemetry.enabled()));
    conf.setIfMissing(TelemetryPlugin.INTERVAL, Long.toString(telemetry.intervalMillis()));
    conf.setIfMissing(TelemetryPlugin.NVIDIA_SMI, telemetry.nvidiaSmi());
  }

  /** Adds a plugin to those that the call names. */
  public static void addPlugin(Class<? extends SparkPlugin> plugin, SparkConf conf) {
    String ours = plugin.getName();
    String plugins = conf.get("spark.plugins", "");
    if (!List.of(plugins.split(",", -1)).contains(ours)) {
      conf.set("spark.plugins", plugins.isEmpty() ? ours : plugins + "," + ours);
    }
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

  public HadoopConf broadcastHadoop() {
    return HadoopConf.of(context().broadcast(new SerializableConfiguration(hadoop())));
  }

  public boolean isLocal() {
    return spark.sparkContext().isLocal();
  }

  /** How many tasks can work at the same time. */
  public int slots() {
    SparkContext sc = spark.sparkContext();
    return sc.maxNumConcurrentTasks(sc.resourceProfileManager().defaultResourceProfile());
  }

  /** Returns the same for lanes on this kind of device. */
  public int slots(Device.Kind device) {
    ResourceProfile own = device == Device.Kind.CPU ? cpuTasks() : null;
    return own == null
        ? slots()
        : Math.max(slots(), spark.sparkContext().maxNumConcurrentTasks(own));
  }

  /**
   * Returns what the tasks of so many lanes ask of Spark; null where that is what all do. A lane on
   * the CPU needs no share of a GPU: more of them than there are shares have a profile of their
   * own.
   */
  public @Nullable ResourceProfile profile(Device.Kind device, int lanes) {
    boolean own = device == Device.Kind.CPU && lanes > slots();
    return own ? cpuTasks() : null;
  }

  private @Nullable ResourceProfile cpuTasks() {
    SparkContext sc = spark.sparkContext();
    if (cpuTasks == null && sc.getConf().contains(GpuRequest.TASK)) {
      int cpus = sc.getConf().getInt("spark.task.cpus", 1);
      cpuTasks =
          new ResourceProfileBuilder().require(new TaskResourceRequests().cpus(cpus)).build();
      sc.resourceProfileManager().addResourceProfile(cpuTasks);
    }
    return cpuTasks;
  }

  /**
   * Waits until no more executors come: a cluster's report one after the other, and whoever counts
   * slots too early counts too few. Those that come with the work are not waited for.
   *
   * @throws ClusterException where none comes
   */
  public void awaitExecutors() {
    int expected = spark.sparkContext().getConf().getInt("spark.executor.instances", 0);
    long began = System.nanoTime();
    long changed = began;
    int slots = 0;
    while (!isLocal() && !executorsComeAndGo()) {
      long now = System.nanoTime();
      int found = slots();
      if (found != slots) {
        slots = found;
        changed = now;
      }
      boolean complete = executors() >= expected;
      boolean patient = now - began < LONGEST_WAIT_NANOS;
      if (slots > 0 && now - changed > SETTLED_NANOS && (complete || !patient)) {
        return;
      }
      if (slots == 0 && !patient) {
        throw new ClusterException(
            "no executor has come within %d s from %s; is there a worker with enough free cores, memory and GPUs?"
                .formatted(LONGEST_WAIT_NANOS / 1_000_000_000, spark.sparkContext().master()));
      }
      LockSupport.parkNanos(100_000_000);
    }
  }

  /** Without the driver, which counts as one. */
  private int executors() {
    return spark.sparkContext().statusTracker().getExecutorInfos().length - 1;
  }

  public boolean executorsComeAndGo() {
    return !isLocal()
        && spark.sparkContext().getConf().getBoolean("spark.dynamicAllocation.enabled", false);
  }

  /**
   * A trial's lanes start together or not at all.
   *
   * @throws ClusterException where Spark may add and remove executors meanwhile
   */
  public void requireFixedExecutors() {
    if (executorsComeAndGo()) {
      throw new ClusterException(
          "spark.dynamicAllocation.enabled is true, but the lanes of a benchmark must start together; set it to false, and spark.executor.instances to the number of executors");
    }
  }

  /** The cores that the lanes share: this machine's, or those of the cluster's executors. */
  public int cores() {
    return isLocal()
        ? localCores()
        : slots(Device.Kind.CPU) * spark.sparkContext().getConf().getInt("spark.task.cpus", 1);
  }

  /** Refuses what would hang: barrier tasks wait for slots that never come. */
  public void requireSlots(int lanes) {
    int slots = slots();
    if (slots < lanes) {
      throw new ClusterException(
          "%d lanes need %d task slots, but %s has %d; give it more slots, or ask for fewer lanes by benchmark.concurrency"
              .formatted(lanes, lanes, spark.sparkContext().master(), slots));
    }
  }

  @Override
  public void close() {
    spark.stop();
  }
}
