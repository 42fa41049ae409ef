package io.tandem.telemetry;

import java.io.Serializable;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes samples at an interval on its own thread and passes them on in chunks. Lengthens the
 * interval if sampling would exceed its share of a core. An exception from a sensor ends the
 * sampling but not the job.
 */
final class Sampler implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Sampler.class);

  /** Maximum share of a core, measured by the CPU time of the thread. */
  static final double SHARE = 0.005;

  private static final long LONGEST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private static final long CHUNK_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** Samples of about a second. */
  record Chunk(List<Sample> samples) implements Serializable {}

  private final Semaphore flush = new Semaphore(0);
  private final Supplier<Sensors> sensors;
  private final long intervalNanos;
  private final Consumer<Chunk> consumer;
  private final Thread thread = new Thread(this::run, "tandem-telemetry");
  private volatile boolean closed;

  private Sampler(Supplier<Sensors> sensors, long intervalMillis, Consumer<Chunk> consumer) {
    this.sensors = sensors;
    this.intervalNanos = TimeUnit.MILLISECONDS.toNanos(intervalMillis);
    this.consumer = consumer;
    thread.setDaemon(true);
  }

  /**
   * Starts a sampler.
   *
   * @param sensors creates the sensors, on the sampler's thread because that is slow
   * @param consumer receives the chunks
   */
  static Sampler start(Supplier<Sensors> sensors, long intervalMillis, Consumer<Chunk> consumer) {
    Sampler sampler = new Sampler(sensors, intervalMillis, consumer);
    sampler.thread.start();
    return sampler;
  }

  /** Makes the samplers of this JVM take a sample and pass on their chunk immediately. */
  static void flushInThisJvm() {
    TelemetryState.ofThisJvm().samplers().forEach(sampler -> sampler.flush.release());
  }

  private void run() {
    TelemetryState.ofThisJvm().samplers().add(this);
    try {
      Sensors read = sensors.get();
      List<Sample> samples = new ArrayList<>();
      long chunkFrom = System.nanoTime();
      boolean flushed = false;
      while (!closed) {
        long from = System.nanoTime();
        long cpu = cpuNanos();
        samples.add(read.sample());
        if (flushed || from - chunkFrom >= CHUNK_NANOS) {
          consumer.accept(new Chunk(List.copyOf(samples)));
          samples.clear();
          chunkFrom = from;
        }
        flushed = pause(from, cpuNanos() - cpu);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | LinkageError e) {
      if (closed) {
        return;
      }
      LOG.warn("cannot read this machine's sensors; its telemetry ends here", e);
    } finally {
      TelemetryState.ofThisJvm().samplers().remove(this);
    }
  }

  /** Waits for the next sample; returns whether a flush ended the wait. */
  private boolean pause(long from, long cost) throws InterruptedException {
    long affordable = Math.min(LONGEST_PAUSE_NANOS, (long) (cost / SHARE));
    long until = from + Math.max(intervalNanos, affordable);
    return flush.tryAcquire(Math.max(0, until - System.nanoTime()), TimeUnit.NANOSECONDS);
  }

  private static long cpuNanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }
}
