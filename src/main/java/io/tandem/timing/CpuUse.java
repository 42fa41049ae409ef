package io.tandem.timing;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;

/** CPU and garbage collection time so far, in microseconds: of the calling thread and its JVM. */
public record CpuUse(long threadUs, long processUs, long gcUs) {

  private static final List<GarbageCollectorMXBean> COLLECTORS =
      ManagementFactory.getGarbageCollectorMXBeans();

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
