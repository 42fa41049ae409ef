package io.tandem.timing;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;

/**
 * Cumulative CPU time of the calling thread and its JVM, and garbage collection time, in
 * microseconds.
 */
public record CpuUse(long threadUs, long processUs, long gcUs) {

  private static final List<GarbageCollectorMXBean> COLLECTORS =
      ManagementFactory.getGarbageCollectorMXBeans();

  /** Returns the times so far. */
  public static CpuUse now() {
    long gcMillis = 0;
    for (GarbageCollectorMXBean gc : COLLECTORS) {
      gcMillis += Math.max(0, gc.getCollectionTime());
    }
    return new CpuUse(
        ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() / 1_000,
        processMicros(),
        gcMillis * 1_000);
  }

  /** Returns the times since the earlier reading. */
  public CpuUse since(CpuUse earlier) {
    return new CpuUse(
        threadUs - earlier.threadUs, processUs - earlier.processUs, gcUs - earlier.gcUs);
  }

  private static long processMicros() {
    if (ManagementFactory.getOperatingSystemMXBean()
        instanceof com.sun.management.OperatingSystemMXBean os) {
      return os.getProcessCpuTime() / 1_000;
    }
    return 0;
  }
}
