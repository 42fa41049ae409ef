package io.tandem.lane;

import io.tandem.frame.FrameDecoder;
import io.tandem.spark.Session;
import io.tandem.spark.SparkSettings;
import io.tandem.telemetry.CpuFlags;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.api.plugin.SparkPlugin;

/**
 * Asks every executor of a cluster, before it gets its first task, what its host has:
 * libjpeg-turbo, and the instruction sets of its CPU.
 */
public final class ExecutorHosts implements SparkPlugin {
  private static final long LONGEST_WAIT_NANOS = 60_000_000_000L;

  /**
   * The host of an executor.
   *
   * @param turboJpegFile the file of libjpeg-turbo; "" if not installed
   * @param cpuFlags the flags of its CPU
   */
  record Report(String executor, String turboJpegFile, Set<String> cpuFlags)
      implements Serializable {
    Report {
      cpuFlags = Set.copyOf(cpuFlags);
    }
  }

  /** Returns the configuration, with this plugin if the executors run outside the driver's JVM. */
  public static SparkConf addTo(SparkConf conf) {
    if (!SparkSettings.isLocal(conf)) {
      SparkSettings.addPlugin(ExecutorHosts.class, conf);
    }
    return conf;
  }

  /** Returns libjpeg-turbo's file on each executor; "" if not installed, or not reported. */
  static List<String> turboJpegFiles(Session session) {
    return reports(session).stream().map(Report::turboJpegFile).toList();
  }

  /** Returns the CPU flags of each executor; none of one that has not reported. */
  static List<Set<String>> cpuFlags(Session session) {
    return reports(session).stream().map(Report::cpuFlags).toList();
  }

  /** An executor registers before it reports; on a busy host the report takes seconds. */
  private static List<Report> reports(Session session) {
    int executors = session.executors();
    // Without the plugin, as in the session of another program, nobody reports.
    long wait =
        SparkSettings.hasPlugin(ExecutorHosts.class, conf(session)) ? LONGEST_WAIT_NANOS : 0;
    long until = System.nanoTime() + wait;
    while (ofDriver().size() < executors && System.nanoTime() < until) {
      LockSupport.parkNanos(10_000_000);
    }
    List<Report> reports = new ArrayList<>(ofDriver().values());
    while (reports.size() < executors) {
      reports.add(new Report("unknown", "", Set.of()));
    }
    return reports;
  }

  private static SparkConf conf(Session session) {
    return session.spark().sparkContext().getConf();
  }

  private static Map<String, Report> ofDriver() {
    return ExecutorState.ofThisJvm().executorHosts();
  }

  @Override
  public DriverPlugin driverPlugin() {
    return new DriverPlugin() {
      @Override
      public Map<String, String> init(SparkContext context, PluginContext plugin) {
        ofDriver().clear();
        return Map.of();
      }

      @Override
      public Object receive(Object message) {
        if (message instanceof Report report) {
          ofDriver().put(report.executor(), report);
        }
        return true;
      }
    };
  }

  @Override
  public ExecutorPlugin executorPlugin() {
    return new ExecutorPlugin() {
      @Override
      public void init(PluginContext context, Map<String, String> unused) {
        try {
          context.ask(
              new Report(
                  context.executorID(),
                  FrameDecoder.turboJpegFile().orElse(""),
                  CpuFlags.ofThisHost()));
        } catch (Exception e) {
          throw new IllegalStateException("the driver does not respond", e);
        }
      }
    };
  }
}
