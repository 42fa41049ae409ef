package io.tandem.telemetry;

import io.tandem.timing.CpuUse;
import io.tandem.timing.EpochClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import oshi.SystemInfo;
import oshi.hardware.CentralProcessor;
import oshi.hardware.CentralProcessor.TickType;
import oshi.software.os.OSProcess;

/** Reads the sensors of this machine and process. Not thread-safe. */
final class Sensors {
  private static final Path LOAD_AVERAGE = Path.of("/proc/loadavg");
  private static final Pattern RUNNABLE = Pattern.compile("(\\d+)/\\d+");

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final String executor;
  private final String host;
  private final Function<Long, List<GpuSample>> gpus;
  private final CentralProcessor processor = HostCpu.processor();
  private final Paced<List<Float>> frequencies;
  private final Paced<List<Float>> coreTemperatures;
  private final Paced<Float> cpuTemperature;
  private final Paced<Long> residentMemory;
  private final Paced<Integer> runnable;

  private long[][] ticks;
  private CpuUse use;
  private long nanos;

  /**
   * Opens the sensors.
   *
   * @param gpus returns the GPUs' state at a {@link System#nanoTime}
   */
  Sensors(String executor, String host, Function<Long, List<GpuSample>> gpus) {
    this.executor = executor;
    this.host = host;
    this.gpus = gpus;
    SystemInfo system = new SystemInfo();
    CoreTemperatures cores = CoreTemperatures.find(Path.of("/sys"));
    OSProcess self = system.getOperatingSystem().getCurrentProcess();
    this.frequencies = paced(this::megahertz);
    this.coreTemperatures = paced(cores::celsius);
    this.cpuTemperature = paced(() -> known(system.getHardware().getSensors().getCpuTemperature()));
    this.residentMemory = paced(() -> self.updateAttributes() ? self.getResidentSetSize() : null);
    this.runnable = paced(Sensors::runnableThreads);
    this.ticks = processor.getProcessorCpuLoadTicks();
    this.use = CpuUse.now();
    this.nanos = System.nanoTime();
  }

  private static <T> Paced<T> paced(Paced.Sensor<T> sensor) {
    return new Paced<>(sensor, THREADS::getCurrentThreadCpuTime);
  }

  private static List<Float> orNone(@Nullable List<Float> values) {
    return values == null ? List.of() : values;
  }

  /** Returns the current state and the usage since the last sample. */
  Sample sample() {
    long now = System.nanoTime();
    CpuUse used = CpuUse.now();
    CpuUse since = used.since(use);
    Sample sample =
        new Sample(
            executor,
            host,
            EpochClock.ofThisJvm().micros(now),
            loads(),
            orNone(frequencies.at(now)),
            orNone(coreTemperatures.at(now)),
            cpuTemperature.at(now),
            since.processUs() * 1_000f / Math.max(1, now - nanos),
            residentMemory.at(now),
            since.gcUs(),
            runnable.at(now),
            since.threadUs(),
            gpus.apply(now),
            TelemetryState.ofThisJvm().clockOffset(executor));
    use = used;
    nanos = now;
    return sample;
  }

  private List<Float> loads() {
    long[][] before = ticks;
    ticks = processor.getProcessorCpuLoadTicks();
    List<Float> loads = new ArrayList<>();
    for (int cpu = 0; cpu < ticks.length; cpu++) {
      long all = 0;
      long idle = 0;
      for (TickType type : TickType.values()) {
        long spent = ticks[cpu][type.getIndex()] - before[cpu][type.getIndex()];
        all += spent;
        boolean free = type == TickType.IDLE || type == TickType.IOWAIT || type == TickType.STEAL;
        idle += free ? spent : 0;
      }
      loads.add(all <= 0 ? 0f : Math.max(0, (float) (all - idle) / all));
    }
    return loads;
  }

  private List<Float> megahertz() {
    List<Float> megahertz = new ArrayList<>();
    for (long hertz : processor.getCurrentFreq()) {
      if (hertz <= 0) {
        return List.of();
      }
      megahertz.add(hertz / 1e6f);
    }
    return megahertz;
  }

  private static @Nullable Float known(double celsius) {
    return celsius > 0 ? (float) celsius : null;
  }

  /** Parses "runnable/all", the fourth field of {@code /proc/loadavg}; null if not on Linux. */
  private static @Nullable Integer runnableThreads() {
    if (!Files.exists(LOAD_AVERAGE)) {
      return null;
    }
    try {
      Matcher fields = RUNNABLE.matcher(Files.readString(LOAD_AVERAGE));
      return fields.find() ? Integer.valueOf(fields.group(1)) : null;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
