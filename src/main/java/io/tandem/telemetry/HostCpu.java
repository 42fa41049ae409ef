package io.tandem.telemetry;

import oshi.SystemInfo;
import oshi.hardware.CentralProcessor;
import oshi.hardware.CentralProcessor.TickType;
import oshi.util.GlobalConfig;

/**
 * CPU time of the host since boot, or between two readings, in microseconds summed over its cores.
 *
 * @param busyUs user, nice, system and interrupt time; without idle, I/O wait and steal time
 * @param stealUs time that the hypervisor gave to other virtual machines
 */
public record HostCpu(long busyUs, long stealUs) {
  private static final CentralProcessor PROCESSOR;

  static {
    // By default OSHI caches values for 300 ms, which is too long for differences.
    GlobalConfig.set(GlobalConfig.OSHI_UTIL_MEMOIZER_EXPIRATION, 0);
    PROCESSOR = new SystemInfo().getHardware().getProcessor();
  }

  static CentralProcessor processor() {
    return PROCESSOR;
  }

  /** Returns the CPU time since boot. */
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

  /** Returns the CPU time since the earlier reading. */
  public HostCpu since(HostCpu earlier) {
    return new HostCpu(busyUs - earlier.busyUs, stealUs - earlier.stealUs);
  }

  /**
   * Returns the number of logical processors of the host, including those unavailable to this
   * process.
   */
  public static int cpus() {
    return PROCESSOR.getLogicalProcessorCount();
  }

  /** Returns the processor's model name. */
  public static String model() {
    return PROCESSOR.getProcessorIdentifier().getName().strip();
  }
}
