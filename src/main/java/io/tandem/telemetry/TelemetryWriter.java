package io.tandem.telemetry;

import io.tandem.timing.DaemonThreads;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes samples to a folder as Parquet, one file every 30 seconds. Writes from the driver, because
 * a Spark job would take a slot from the measured lanes. A file gets its final name when it is
 * complete.
 */
final class TelemetryWriter implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TelemetryWriter.class);

  private static final int EVERY_SECONDS = 30;

  /** Number of buffered samples that triggers a write, which bounds the driver's memory. */
  private static final int MAX_BUFFERED = 20_000;

  private final Path folder;
  private final Configuration hadoop;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("tandem-telemetry-writer"));
  private List<Sample> samples = new ArrayList<>();
  private boolean broken;

  TelemetryWriter(Path folder, Configuration hadoop) {
    this.folder = folder;
    this.hadoop = hadoop;
    var unused =
        thread.scheduleWithFixedDelay(this::write, EVERY_SECONDS, EVERY_SECONDS, TimeUnit.SECONDS);
  }

  synchronized void add(Sample sample) {
    if (broken) {
      return;
    }
    samples.add(sample);
    if (samples.size() == MAX_BUFFERED) {
      thread.execute(this::write);
    }
  }

  private synchronized List<Sample> take() {
    List<Sample> taken = samples;
    samples = new ArrayList<>();
    return taken;
  }

  private synchronized void disable() {
    broken = true;
    samples = new ArrayList<>();
  }

  /** Writes the buffered samples. A failure disables telemetry, and the job continues. */
  private void write() {
    List<Sample> taken = take();
    if (taken.isEmpty()) {
      return;
    }
    Path whole = new Path(folder, "part-%s.parquet".formatted(UUID.randomUUID()));
    try {
      FileSystem fs = folder.getFileSystem(hadoop);
      if (appearsWhenClosed(fs)) {
        SampleFile.write(whole, hadoop, taken);
        return;
      }
      Path unfinished = new Path(folder, "_" + whole.getName());
      SampleFile.write(unfinished, hadoop, taken);
      if (!fs.rename(unfinished, whole)) {
        throw new IOException("cannot rename " + unfinished);
      }
    } catch (IOException | RuntimeException | FSError e) {
      LOG.warn(
          "cannot write telemetry to {}; the run continues without it: {}", folder, e.getMessage());
      disable();
    }
  }

  /**
   * Returns whether files become visible only when closed, as on S3, where a rename copies the
   * object.
   */
  private static boolean appearsWhenClosed(FileSystem fs) {
    return fs.getUri().getScheme().startsWith("s3");
  }

  @Override
  public void close() {
    thread.execute(this::write);
    thread.shutdown();
    try {
      if (!thread.awaitTermination(EVERY_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("telemetry is incomplete: {} does not respond", folder);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
