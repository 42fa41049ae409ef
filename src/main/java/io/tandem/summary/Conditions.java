package io.tandem.summary;

import org.jspecify.annotations.Nullable;

/**
 * The conditions of a trial in one round, by which its validity is judged.
 *
 * @param shortestUs the elapsed time of the lane that ended first
 * @param framesOnce the number of frames done in pass 0
 * @param framesTwice the number of rows beyond one for each frame and pass
 * @param gcShare garbage collection by elapsed time, of the JVM with the most
 * @param startSkewUs from the first lane's start to the last one's; null where clocks were not
 *     compared
 */
public record Conditions(
    long shortestUs,
    long framesOnce,
    long framesTwice,
    double gcShare,
    Interference interference,
    @Nullable Long startSkewUs) {}
