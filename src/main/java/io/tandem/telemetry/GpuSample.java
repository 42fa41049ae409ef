package io.tandem.telemetry;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * What one GPU said of itself; null where it does not tell.
 *
 * @param utilization the share of the time in which a kernel ran, 0 to 1
 * @param throttle why the clocks are lower than they could be: NVML's bit mask, such as
 *     "0x0000000000000001" for an idle GPU
 */
public record GpuSample(
    int index,
    String uuid,
    @Nullable Float utilization,
    @Nullable Long memoryBytes,
    @Nullable Float watts,
    @Nullable Float smMhz,
    @Nullable Float celsius,
    @Nullable String throttle)
    implements Serializable {}
