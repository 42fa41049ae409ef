package io.tandem.telemetry;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.RandomAccessFile;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/**
 * Monitors the host's NVIDIA GPUs with one long-running {@code nvidia-smi}, which prints a line for
 * each GPU and interval. One executor of each host holds a file lock and reads the output; when it
 * ends, another takes over. Without the program there are no GPU columns; if the program hangs, its
 * values expire.
 */
final class NvidiaSmi implements AutoCloseable {
  private static final String QUERY =
      "index,uuid,utilization.gpu,memory.used,power.draw,clocks.sm,temperature.gpu,"
          + "clocks_throttle_reasons.active";
  private static final int FIELDS = 8;

  private static final long TRY_AGAIN_MILLIS = 5_000;

  /** Values older than this are ignored. */
  private static final long STALE_NANOS = 2_000_000_000L;

  private final List<String> command;
  private final Path lockFile;
  private final Map<Integer, Reading> readings = new ConcurrentSkipListMap<>();
  private final Thread thread;
  private volatile @Nullable Process process;
  private volatile boolean closed;

  private record Reading(GpuSample sample, long nanoTime) {}

  private NvidiaSmi(List<String> command, Path lockFile) {
    this.command = command;
    this.lockFile = lockFile;
    this.thread = new Thread(this::monitor, "tandem-nvidia-smi");
    this.thread.setDaemon(true);
  }

  /**
   * Starts to monitor.
   *
   * @param program the command or its path
   * @param lockFile a file shared by all executors of the host
   */
  static NvidiaSmi start(String program, long intervalMillis, Path lockFile) {
    NvidiaSmi smi =
        new NvidiaSmi(
            List.of(
                program,
                "--query-gpu=" + QUERY,
                "--format=csv,noheader,nounits",
                "-lms",
                Long.toString(intervalMillis)),
            lockFile);
    smi.thread.start();
    return smi;
  }

  /** Returns the latest sample of each GPU in index order, without expired ones. */
  List<GpuSample> latest(long nanoTime) {
    List<GpuSample> samples = new ArrayList<>();
    for (Reading last : readings.values()) {
      if (nanoTime - last.nanoTime <= STALE_NANOS) {
        samples.add(last.sample);
      }
    }
    return samples;
  }

  private void monitor() {
    while (!closed) {
      try (RandomAccessFile file = new RandomAccessFile(lockFile.toFile(), "rw")) {
        FileLock lock = file.getChannel().tryLock();
        if (lock != null) {
          run();
          return;
        }
      } catch (OverlappingFileLockException e) {
        // Another plugin in this JVM holds the lock.
      } catch (IOException e) {
        return;
      }
      try {
        Thread.sleep(TRY_AGAIN_MILLIS);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  /**
   * Reads samples until the program ends.
   *
   * @throws IOException if the program cannot be started
   */
  private void run() throws IOException {
    Process started =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    process = started;
    if (closed) {
      started.destroyForcibly();
    }
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(started.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        GpuSample sample = parse(line);
        if (sample != null) {
          readings.put(sample.index(), new Reading(sample, System.nanoTime()));
        }
      }
    } finally {
      started.destroyForcibly();
    }
  }

  /** Parses a line of output; null if malformed. Fields like "[N/A]" become null. */
  static @Nullable GpuSample parse(String line) {
    String[] fields = line.split(",", -1);
    if (fields.length != FIELDS || !fields[0].strip().matches("\\d+")) {
      return null;
    }
    Float percent = number(fields[2]);
    Float mebibytes = number(fields[3]);
    String throttle = fields[7].strip();
    return new GpuSample(
        Integer.parseInt(fields[0].strip()),
        fields[1].strip(),
        percent == null ? null : percent / 100,
        mebibytes == null ? null : (long) (mebibytes * (1 << 20)),
        number(fields[4]),
        number(fields[5]),
        number(fields[6]),
        throttle.startsWith("0x") ? throttle : null);
  }

  private static @Nullable Float number(String field) {
    try {
      return Float.valueOf(field.strip());
    } catch (NumberFormatException e) {
      return null;
    }
  }

  @Override
  public void close() {
    closed = true;
    Process running = process;
    if (running != null) {
      running.destroyForcibly();
    }
    thread.interrupt();
  }
}
