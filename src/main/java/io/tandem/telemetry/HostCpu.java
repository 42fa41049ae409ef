package io.tandem.telemetry;

import oshi.SystemInfo;
import oshi.hardware.CentralProcessor;
import oshi.hardware.CentralProcessor.TickType;
import oshi.util.GlobalConfig;

/**
 * CPU time of the whole host so far, in microseconds summed over its cores: {@code busyUs} without
 * idling, waiting for disks and stolen time; {@code stealUs} is what the hypervisor gave to others.
 */
public record HostCpu(long busyUs, long stealUs) {
  private static final CentralProcessor PROCESSOR;

  static {
    // OSHI answers from memory for 300 ms otherwise, which is too old for a difference.
    GlobalConfig.set(GlobalConfig.OSHI_UTIL_MEMOIZER_EXPIRATION, 0);
    PROCESSOR = new SystemInfo().getHardware().getProcessor();
  }

  static CentralProcessor processor() {
    return PROCESSOR;
  }

  public static HostCpu now() {
    long[] ticks = PROCESSOR.getSystemCpuLoadTicks();
    long busy = 0;
    for (TickType type :
        new TickType[] {
          TickType.USER, TickType.NICE, TickType.SYSTEM, TickType.IRQ, TickType.SOFTIRQ
        }) {
      busy += ticks[type.getIndex()];
    }
    return new HostCpu(busy * 1_000, ticks[TickType.STEAL.getIndex()] * 1_000);
  }

  public HostCpu since(HostCpu earlier) {
    return new HostCpu(busyUs - earlier.busyUs, stealUs - earlier.stealUs);
  }

  /** The host's logical processors, also those that this process may not use. */
  public static int cpus() {
    return PROCESSOR.getLogicalProcessorCount();
  }

  /** The processor's name as its maker gives it. */
  public static String model() {
    return PROCESSOR.getProcessorIdentifier().getName().strip();
  }
}
