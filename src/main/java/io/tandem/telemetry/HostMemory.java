package io.tandem.telemetry;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** The memory of this machine or container. */
public final class HostMemory {
  private HostMemory() {}

  /** Returns the memory beside the largest Java heap of this JVM, in bytes; may be negative. */
  public static long besideHeap() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
            .getTotalMemorySize()
        - Runtime.getRuntime().maxMemory();
  }
}
