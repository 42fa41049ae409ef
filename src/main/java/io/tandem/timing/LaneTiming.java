package io.tandem.timing;

import org.jspecify.annotations.Nullable;

/**
 * Timing of one lane in one trial and round. Durations are in microseconds.
 *
 * @param startedUs the epoch microsecond at which the barrier let the lanes start
 * @param elapsedUs the measured time
 * @param frames how many frames were predicted
 * @param passes how many times the list of frames was completed
 * @param cpu CPU times within the measured time
 * @param phases durations outside prediction; null if unknown
 */
public record LaneTiming(
    long startedUs, long elapsedUs, long frames, int passes, Cpu cpu, @Nullable Phases phases) {

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
   * CPU times within the measured time.
   *
   * @param gcUs garbage collection of the process
   * @param laneUs of the lane's own thread and its helper threads
   * @param processUs of the process
   * @param hostBusyUs of the whole host; null if the machine does not report it
   * @param hostStealUs given to other machines by the hypervisor; null if not reported
   * @param hostCpus the host's logical processors
   */
  public record Cpu(
      long gcUs,
      long laneUs,
      long processUs,
      @Nullable Long hostBusyUs,
      @Nullable Long hostStealUs,
      int hostCpus) {}
}
