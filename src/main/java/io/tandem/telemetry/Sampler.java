package io.tandem.telemetry;

import java.io.Serializable;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a sample every so often, and hands them on in chunks, from a thread of its own. It slows
 * down rather than take more than its share of a core. A sensor that throws ends the sampling, and
 * nothing else.
 */
final class Sampler implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Sampler.class);

  /** At most this share of a core, measured by the thread's own CPU time. */
  static final double SHARE = 0.005;

  private static final long LONGEST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private static final long CHUNK_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** Samples of about a second. */
  record Chunk(List<Sample> samples) implements Serializable {}

  /** The samplers that run in this JVM. */
  private static final Set<Sampler> RUNNING = ConcurrentHashMap.newKeySet();

  private final Semaphore flush = new Semaphore(0);
  private final Supplier<Sensors> sensors;
  private final long intervalNanos;
  private final Consumer<Chunk> to;
  private final Thread thread = new Thread(this::run, "tandem-telemetry");
  private volatile boolean closed;

  private Sampler(Supplier<Sensors> sensors, long intervalMillis, Consumer<Chunk> to) {
    this.sensors = sensors;
    this.intervalNanos = TimeUnit.MILLISECONDS.toNanos(intervalMillis);
    this.to = to;
    thread.setDaemon(true);
  }

  /**
   * @param sensors made on the sampler's thread, for that takes a while
   */
  static Sampler start(Supplier<Sensors> sensors, long intervalMillis, Consumer<Chunk> to) {
    Sampler sampler = new Sampler(sensors, intervalMillis, to);
    sampler.thread.start();
    return sampler;
  }

  /** Has the samplers of this JVM hand on at once what they have, with a last sample. */
  static void flushInThisJvm() {
    RUNNING.forEach(sampler -> sampler.flush.release());
  }

  private void run() {
    RUNNING.add(this);
    try {
      Sensors read = sensors.get();
      List<Sample> samples = new ArrayList<>();
      long chunkFrom = System.nanoTime();
      boolean asked = false;
      while (!closed) {
        long from = System.nanoTime();
        long cpu = cpuNanos();
        samples.add(read.sample());
        if (asked || from - chunkFrom >= CHUNK_NANOS) {
          to.accept(new Chunk(List.copyOf(samples)));
          samples.clear();
          chunkFrom = from;
        }
        asked = pause(from, cpuNanos() - cpu);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | LinkageError e) {
      if (closed) {
        return;
      }
      LOG.warn("this machine cannot be read: it has no telemetry from here on", e);
    } finally {
      RUNNING.remove(this);
    }
  }

  /** Returns whether it was ended by a flush. */
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
