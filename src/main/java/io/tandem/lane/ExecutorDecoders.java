package io.tandem.lane;

import io.tandem.frame.FrameDecoder;
import io.tandem.spark.SparkSettings;
import java.io.Serializable;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.api.plugin.SparkPlugin;

/**
 * Asks every executor of a cluster, before it gets its first task, whether its host has
 * libjpeg-turbo.
 */
public final class ExecutorDecoders implements SparkPlugin {
  /** The library's file on an executor's host; "" if not installed. */
  private record Report(String executor, String file) implements Serializable {}

  /** Returns the configuration, with this plugin if the executors run outside the driver's JVM. */
  public static SparkConf addTo(SparkConf conf) {
    if (!SparkSettings.isLocal(conf)) {
      SparkSettings.addPlugin(ExecutorDecoders.class, conf);
    }
    return conf;
  }

  /** Returns the library's file on each executor that has reported; "" if not installed. */
  static Collection<String> found() {
    return List.copyOf(ofDriver().values());
  }

  private static Map<String, String> ofDriver() {
    return ExecutorState.ofThisJvm().turboJpegFiles();
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
          ofDriver().put(report.executor(), report.file());
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
          context.ask(new Report(context.executorID(), FrameDecoder.turboJpegFile().orElse("")));
        } catch (Exception e) {
          throw new IllegalStateException("the driver does not respond", e);
        }
      }
    };
  }
}
