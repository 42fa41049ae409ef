package io.tandem.timing;

import org.jspecify.annotations.Nullable;

/**
 * Timing of one lane in one trial and round. Durations are in microseconds.
 *
 * @param startedUs the epoch microsecond at which the barrier let the lanes start
 * @param elapsedUs the measured time
 * @param frames how many frames were predicted
 * @param passes how many times the list of frames was completed
 * @param machine what the machine did within the measured time
 * @param phases durations outside prediction; null if unknown
 */
public record LaneTiming(
    long startedUs,
    long elapsedUs,
    long frames,
    int passes,
    Machine machine,
    @Nullable Phases phases) {

  /**
   * Durations of a lane before the measured time, and its waits within it.
   *
   * @param loadUs loading the model
   * @param warmupUs warm-up
   * @param barrierUs waiting for the other lanes
   * @param waitUs how long the lane waited for its helper threads within the measured time
   */
  public record Phases(long loadUs, long warmupUs, long barrierUs, long waitUs) {}

  /**
   * What the machine did within the measured time; null where it does not report it.
   *
   * @param gcUs garbage collection of the process
   * @param laneUs CPU time of the lane's own thread and its helper threads
   * @param processUs CPU time of the process
   * @param hostBusyUs CPU time of the whole host
   * @param hostStealUs CPU time given to other machines by the hypervisor
   * @param hostCpus the host's logical processors
   * @param quotaThrottled the share of a CPU quota's periods in which it held the process back
   * @param quotaCores the cores that the quota grants, such as 1.5; null without a quota
   * @param clockJumpUs how far the wall clock moved against the monotonic clock
   */
  public record Machine(
      long gcUs,
      long laneUs,
      long processUs,
      @Nullable Long hostBusyUs,
      @Nullable Long hostStealUs,
      int hostCpus,
      @Nullable Double quotaThrottled,
      @Nullable Double quotaCores,
      long clockJumpUs) {}
}
