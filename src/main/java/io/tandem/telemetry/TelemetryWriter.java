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
 * Writes samples to a folder as Parquet, a file every half minute, from the driver itself: a Spark
 * job would take a slot from the lanes that are measured. A file has its name when it is whole.
 */
final class TelemetryWriter implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TelemetryWriter.class);

  private static final int EVERY_SECONDS = 30;

  /** More than these are written at once; so many executors fill the driver's memory no further. */
  private static final int MOST_KEPT = 20_000;

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
    if (samples.size() == MOST_KEPT) {
      thread.execute(this::write);
    }
  }

  private synchronized List<Sample> take() {
    List<Sample> taken = samples;
    samples = new ArrayList<>();
    return taken;
  }

  private synchronized void giveUp() {
    broken = true;
    samples = new ArrayList<>();
  }

  /** Without a place to write there is no telemetry; the job goes on. */
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
      LOG.warn("telemetry cannot be written to {}, and is left out: {}", folder, e.getMessage());
      giveUp();
    }
  }

  /** An object of S3 is there when it is whole, and to rename it would be to copy it. */
  private static boolean appearsWhenClosed(FileSystem fs) {
    return fs.getUri().getScheme().startsWith("s3");
  }

  @Override
  public void close() {
    thread.execute(this::write);
    thread.shutdown();
    try {
      if (!thread.awaitTermination(EVERY_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("telemetry is not written to the end: {} does not answer", folder);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
