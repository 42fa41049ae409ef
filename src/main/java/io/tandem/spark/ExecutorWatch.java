package io.tandem.spark;

import io.tandem.timing.DaemonThreads;
import java.util.Arrays;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkExecutorInfo;
import org.apache.spark.SparkStatusTracker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches a cluster for jobs of which no executor runs a task. Spark itself waits for ever, and
 * says so in its log only; here a sentence says so after a minute, and the jobs end after five.
 */
final class ExecutorWatch implements AutoCloseable {
  /** The key of the time that jobs wait for an executor, as Spark writes times; 0s: for ever. */
  private static final String PATIENCE = "spark.tandem.executorWait";

  private static final String FIVE_MINUTES = "300s";

  private static final Logger LOG = LoggerFactory.getLogger(ExecutorWatch.class);
  private static final long WARN_SECONDS = 60;

  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("tandem-executors"));
  private final SparkContext context;
  private final SparkStatusTracker status;
  private final long patience;
  private long idleSince;
  private boolean warned;

  private ExecutorWatch(SparkContext context, boolean executorsComeAndGo) {
    this.context = context;
    this.status = context.statusTracker();
    this.patience = seconds(context, executorsComeAndGo ? "0s" : FIVE_MINUTES);
  }

  /**
   * Starts to watch.
   *
   * @param executorsComeAndGo whether jobs wait for ever by default: a full cluster may have no
   *     executor to add for hours
   */
  static ExecutorWatch start(SparkContext context, boolean executorsComeAndGo) {
    ExecutorWatch watch = new ExecutorWatch(context, executorsComeAndGo);
    watch.idleSince = System.nanoTime();
    var unused = watch.thread.scheduleWithFixedDelay(watch::look, 1, 1, TimeUnit.SECONDS);
    return watch;
  }

  /** Returns how long to wait for an executor, in seconds; 0: for ever. */
  static long seconds(SparkContext context) {
    return seconds(context, FIVE_MINUTES);
  }

  private static long seconds(SparkContext context, String otherwise) {
    return context.getConf().getTimeAsSeconds(PATIENCE, otherwise);
  }

  private String sentence(long seconds) {
    return "no executor of %s has run a task for %d s; is there a worker with enough free cores, memory and GPUs? A master that was restarted does not know this application"
        .formatted(context.master(), seconds);
  }

  private void look() {
    if (context.isStopped()) {
      return;
    }
    int[] jobs = status.getActiveJobIds();
    SparkExecutorInfo[] executors = status.getExecutorInfos();
    boolean idle = Arrays.stream(executors).allMatch(executor -> executor.numRunningTasks() == 0);
    if (jobs.length == 0 || !idle) {
      idleSince = System.nanoTime();
      warned = false;
      return;
    }
    long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - idleSince);
    if (patience > 0 && seconds >= patience) {
      for (int job : jobs) {
        context.cancelJob(job, "because " + sentence(seconds));
      }
    } else if (!warned && seconds >= WARN_SECONDS) {
      warned = true;
      String end = patience == 0 ? "" : " The job ends after %d s.".formatted(patience);
      LOG.warn("{}.{}", sentence(seconds), end);
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
