package io.tandem.lane;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.Paths;
import io.tandem.SilentProgress;
import io.tandem.Tandem;
import io.tandem.conf.Settings;
import io.tandem.inference.InferJob;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lanes' counters as one of Spark's own metrics sinks shows them: JMX. */
@Tag("spark")
final class LaneMetricsTest {
  private static final String SINK = "spark.metrics.conf.*.sink.jmx.class";

  @TempDir Path folder;

  @Test
  void sparksMetrics_countFramesAndFailures_andHaveEachPhase() throws Exception {
    Path frames = Files.createDirectories(folder.resolve("frames"));
    Files.copy(Paths.FRAMES.resolve("bigbuckbunny-0001.jpg"), frames.resolve("good.jpg"));
    Files.copy(Paths.IMAGES.resolve("truncated.jpg"), frames.resolve("bad.jpg"));
    Settings settings =
        Tandem.settings("frames.path=" + frames, "output.path=" + folder.resolve("run"));
    System.setProperty(SINK, "org.apache.spark.metrics.sink.JmxSink");
    try (InferJob job = new InferJob(settings, new SilentProgress())) {
      job.run(summary -> assertThat(summary.frames()).isEqualTo(2));
      assertThat(value("frames", "Count")).isEqualTo(2L);
      assertThat(value("failures", "Count")).isEqualTo(1L);
      assertThat(value("lanes_busy", "Count")).isEqualTo(0L);
      for (String phase : List.of("read_us", "decode_us", "wait_us", "forward_us", "output_us")) {
        assertThat(value(phase, "Count")).as(phase).isEqualTo(1L);
      }
      assertThat((Double) value("forward_us", "50thPercentile")).isPositive();
    } finally {
      System.clearProperty(SINK);
    }
  }

  private static Object value(String metric, String attribute) throws Exception {
    MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    Set<ObjectName> names =
        server.queryNames(new ObjectName("metrics:*"), null).stream()
            .filter(
                name ->
                    name.getKeyProperty("name")
                        .endsWith("plugin.io.tandem.telemetry.TelemetryPlugin." + metric))
            .collect(Collectors.toSet());
    assertThat(names).as(metric).hasSize(1);
    return server.getAttribute(names.iterator().next(), attribute);
  }
}
