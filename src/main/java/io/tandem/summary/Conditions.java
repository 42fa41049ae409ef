package io.tandem.summary;

import org.jspecify.annotations.Nullable;

/**
 * Under which conditions a trial ran in one round; what its validity is judged by. Loads are shares
 * of the CPUs of the host that was disturbed most, null where the machine does not tell.
 *
 * @param shortestUs the elapsed time of the lane that was done first
 * @param framesOnce how many frames were done in pass 0
 * @param framesTwice how many rows are too many, for a frame and pass
 * @param gcShare garbage collection by elapsed time, of the JVM with the most
 * @param startSkewUs from the first lane's start to the last one's; null where clocks were not
 *     compared
 */
public record Conditions(
    long shortestUs,
    long framesOnce,
    long framesTwice,
    double gcShare,
    @Nullable Double foreignLoad,
    @Nullable Double stolen,
    @Nullable Long startSkewUs) {}
