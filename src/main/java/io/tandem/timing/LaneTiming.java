package io.tandem.timing;

import org.jspecify.annotations.Nullable;

/**
 * What one lane did in one trial and round. Microseconds throughout; {@code startedUs} is the epoch
 * microsecond of the barrier's release, {@code laneWaitUs} how long the lane waited for its
 * helpers. The CPU columns are differences over the measured time: of the lane's own thread and its
 * helpers, of its process, of its whole host (null where the machine does not tell).
 */
public record LaneTiming(
    long loadUs,
    long warmupUs,
    long barrierUs,
    long startedUs,
    long elapsedUs,
    long laneWaitUs,
    long frames,
    int passes,
    long gcUs,
    long laneCpuUs,
    long processCpuUs,
    @Nullable Long hostBusyUs,
    @Nullable Long hostStealUs,
    int hostCpus) {}
