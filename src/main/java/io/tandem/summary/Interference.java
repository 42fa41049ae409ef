package io.tandem.summary;

import org.jspecify.annotations.Nullable;

/**
 * What the machine did to a trial's round: values of the host that was affected most, shares 0 to
 * 1; null where the machine does not report them.
 *
 * @param foreignLoad the share of the host's CPUs that other processes used
 * @param stolen the share of the host's CPUs that the hypervisor gave to other machines
 * @param throttled the share of a CPU quota's periods in which it held an executor back
 * @param gpuThrottled the share of the samples in which a GPU's clock was lowered for heat or power
 * @param clockMhz the cores' frequency, weighted by their load
 * @param clockJumpUs how far the wall clock moved against the monotonic clock
 * @param quotaCores the cores that the smallest CPU quota grants; null also without a quota
 */
public record Interference(
    @Nullable Double foreignLoad,
    @Nullable Double stolen,
    @Nullable Double throttled,
    @Nullable Double gpuThrottled,
    @Nullable Double clockMhz,
    @Nullable Long clockJumpUs,
    @Nullable Double quotaCores) {}
