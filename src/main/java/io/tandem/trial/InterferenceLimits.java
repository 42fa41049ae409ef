package io.tandem.trial;

/**
 * The limits of what a machine may do to a trial's round beside it; a round beyond one of them is
 * disturbed. All are known independently of the round's throughput.
 *
 * @param foreignLoad maximum share of the host's CPUs used by other processes
 * @param stolen maximum share of the host's CPUs that the hypervisor gave to other machines
 * @param throttled maximum share of the time in which a CPU quota held the executor back, or a GPU
 *     lowered its clock for heat or power, beyond the median of the trial's rounds
 * @param clockDrop maximum drop of the cores' frequency below the median of the trial's rounds, as
 *     a share of it
 * @param clockJumpUs maximum difference between elapsed times of the wall clock and of the
 *     monotonic clock, in microseconds
 */
public record InterferenceLimits(
    double foreignLoad, double stolen, double throttled, double clockDrop, long clockJumpUs) {
  /** The limits of runs that recorded none or only some; equal to the default settings. */
  static final InterferenceLimits DEFAULT = new InterferenceLimits(0.1, 0.1, 0.1, 0.15, 50_000);
}
