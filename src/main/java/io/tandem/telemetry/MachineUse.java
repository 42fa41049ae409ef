package io.tandem.telemetry;

import io.tandem.timing.CpuUse;
import io.tandem.timing.LaneTiming;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Counters of the process, the host and the clocks at one time. */
public final class MachineUse {
  private final CpuUse process = CpuUse.now();
  private final HostCpu host = HostCpu.now();
  private final CpuQuota.Counts quota = CpuQuota.ofThisProcess().counts();
  private final Instant wall = Instant.now();
  private final long nanos = System.nanoTime();

  private MachineUse() {}

  /** Reads the counters. */
  public static MachineUse now() {
    return new MachineUse();
  }

  /**
   * Returns what the machine did since this reading. The calling thread is the one of this reading.
   *
   * @param helperCpuUs the CPU time of the lane's helper threads since then
   */
  public LaneTiming.Machine untilNow(long helperCpuUs) {
    MachineUse now = now();
    CpuUse used = now.process.since(process);
    HostCpu hostUsed = now.host.since(host);
    return new LaneTiming.Machine(
        used.gcUs(),
        used.threadUs() + helperCpuUs,
        used.processUs(),
        hostUsed.busyUs(),
        hostUsed.stealUs(),
        HostCpu.cpus(),
        now.quota.throttledSince(quota),
        CpuQuota.ofThisProcess().cores(),
        ChronoUnit.MICROS.between(wall, now.wall) - (now.nanos - nanos) / 1_000);
  }
}
