package io.tandem.spark;

import io.tandem.conf.Device;
import io.tandem.conf.DeviceChoice;
import io.tandem.conf.Settings;
import java.util.concurrent.locks.LockSupport;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.deploy.SparkHadoopUtil;
import org.apache.spark.resource.ResourceProfile;
import org.apache.spark.resource.ResourceProfileBuilder;
import org.apache.spark.resource.TaskResourceRequests;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;
import org.jspecify.annotations.Nullable;

/** A Spark session, with the slots and executors that jobs ask it for. */
public final class Session implements AutoCloseable {
  /** All executors have registered once none has arrived for this long, in nanoseconds. */
  private static final long SETTLED_NANOS = 2_000_000_000L;

  private static final String S3A = "org.apache.hadoop.fs.s3a.S3AFileSystem";

  private final SparkSession spark;
  private final Configuration hadoop;
  private final boolean isOwn;
  private final @Nullable ExecutorWatch watch;
  private @Nullable ResourceProfile cpuTasks;

  private Session(SparkSession spark, Configuration hadoop, boolean isOwn) {
    this.spark = spark;
    this.hadoop = withS3(hadoop);
    this.isOwn = isOwn;
    watch =
        isLocal() || !isOwn
            ? null
            : ExecutorWatch.start(spark.sparkContext(), executorsComeAndGo());
  }

  /** Returns the cores that this JVM may use: those that its cgroup grants. */
  public static int localCores() {
    return Runtime.getRuntime().availableProcessors();
  }

  /** Returns Hadoop's configuration as a session of this configuration will have it. */
  public static Configuration hadoop(SparkConf conf) {
    return withS3(SparkHadoopUtil.get().newConfiguration(conf));
  }

  /** Lists of objects often say s3:, which is EMR's own; elsewhere it is the same as s3a:. */
  private static Configuration withS3(Configuration hadoop) {
    hadoop.setIfUnset("fs.s3.impl", S3A);
    return hadoop;
  }

  /** Opens a session of this configuration. */
  public static Session open(SparkConf conf) {
    SparkSession spark = Sessions.of(conf);
    return new Session(spark, spark.sparkContext().hadoopConfiguration(), true);
  }

  /**
   * Returns the session of another program. Nothing in it is changed, and closing this leaves it
   * open.
   *
   * @throws ClusterException if it is a session of Spark Connect
   */
  public static Session of(SparkSession spark) {
    Sessions.requireClassic(spark);
    return new Session(spark, Sessions.hadoop(spark), false);
  }

  /** Opens a session with Tandem's configuration: see {@link SparkSettings#of}. */
  public static Session open(
      String name, @Nullable Settings settings, int localSlots, int taskCpus) {
    return open(SparkSettings.of(name, settings, localSlots, taskCpus));
  }

  /** Opens a session on this machine, or on the master that the call names, to read old runs. */
  public static Session open(String name) {
    return open(name, null, localCores(), 1);
  }

  /** Returns Spark's own session. */
  public SparkSession spark() {
    return spark;
  }

  /**
   * Returns a new SQL session for small tables, with views of its own. It interprets its queries in
   * one partition: to compile a query takes longer than to run it over some thousand rows.
   */
  public SparkSession forSmallTables() {
    SparkSession session = spark.newSession();
    session.conf().set("spark.sql.codegen.wholeStage", "false");
    session.conf().set("spark.sql.codegen.factoryMode", "NO_CODEGEN");
    session.conf().set("spark.sql.adaptive.enabled", "false");
    session.conf().set("spark.sql.shuffle.partitions", "1");
    return session;
  }

  /** Returns Spark's context. */
  public JavaSparkContext context() {
    return JavaSparkContext.fromSparkContext(spark.sparkContext());
  }

  /** Returns Hadoop's configuration of the session. */
  public Configuration hadoop() {
    return hadoop;
  }

  /** Returns Hadoop's configuration for tasks. */
  public HadoopConf broadcastHadoop() {
    return HadoopConf.of(context().broadcast(new SerializableConfiguration(hadoop())));
  }

  /** Returns whether the session works in this JVM alone. */
  public boolean isLocal() {
    return spark.sparkContext().isLocal();
  }

  /** Returns how many tasks can work at the same time. */
  public int slots() {
    SparkContext sc = spark.sparkContext();
    return sc.maxNumConcurrentTasks(sc.resourceProfileManager().defaultResourceProfile());
  }

  /** Returns the kind of device that tasks get: with auto, a GPU if the application asks for it. */
  public Device.Kind kind(DeviceChoice choice) {
    boolean gpu = spark.sparkContext().getConf().contains(GpuRequest.TASK);
    return choice == DeviceChoice.AUTO ? gpu ? Device.Kind.GPU : Device.Kind.CPU : choice.kind();
  }

  /** Returns the number of slots for lanes on this kind of device. */
  public int slots(Device.Kind device) {
    ResourceProfile own = device == Device.Kind.CPU ? cpuTasks() : null;
    return own == null
        ? slots()
        : Math.max(slots(), spark.sparkContext().maxNumConcurrentTasks(own));
  }

  /**
   * Returns the resource profile of tasks for this number of lanes; null for the default profile. A
   * lane on the CPU needs no share of a GPU: if there are more lanes than shares, they get a
   * separate profile.
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
   * Waits until no more executors register. They register one after another, and counting the slots
   * too early counts too few. Does not wait for executors that Spark adds later with dynamic
   * allocation.
   *
   * @throws ClusterException if no executor registers
   */
  public void awaitExecutors() {
    int expected = spark.sparkContext().getConf().getInt("spark.executor.instances", 0);
    long seconds = ExecutorWatch.seconds(spark.sparkContext());
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
      boolean patient = seconds == 0 || now - began < seconds * 1_000_000_000L;
      if (slots > 0 && now - changed > SETTLED_NANOS && (complete || !patient)) {
        return;
      }
      if (slots == 0 && !patient) {
        throw new ClusterException(
            "no executor has come within %d s from %s; is there a worker with enough free cores, memory and GPUs?"
                .formatted(seconds, spark.sparkContext().master()));
      }
      LockSupport.parkNanos(100_000_000);
    }
  }

  /** Returns the number of executors that have registered; 0 in local mode. */
  public int executors() {
    // Spark counts the driver as one.
    return spark.sparkContext().statusTracker().getExecutorInfos().length - 1;
  }

  /** Returns whether Spark may add and remove executors. */
  public boolean executorsComeAndGo() {
    return !isLocal()
        && spark.sparkContext().getConf().getBoolean("spark.dynamicAllocation.enabled", false);
  }

  /**
   * Requires a fixed number of executors, because a trial's lanes start together or not at all.
   *
   * @throws ClusterException if Spark may add and remove executors
   */
  public void requireFixedExecutors() {
    if (executorsComeAndGo()) {
      throw new ClusterException(
          "spark.dynamicAllocation.enabled is true, but the lanes of a benchmark must start together; set it to false, and spark.executor.instances to the number of executors");
    }
  }

  /**
   * Returns the number of cores that the lanes share: this machine's, or those of the cluster's
   * executors.
   */
  public int cores() {
    return isLocal()
        ? localCores()
        : slots(Device.Kind.CPU) * spark.sparkContext().getConf().getInt("spark.task.cpus", 1);
  }

  /** Refuses more lanes than slots, because barrier tasks would wait forever. */
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
    if (watch != null) {
      watch.close();
    }
    if (isOwn) {
      spark.stop();
    }
  }
}
