package io.tandem.telemetry;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * State of one GPU; a value that the GPU does not report is null.
 *
 * @param utilization the share of the time in which a kernel ran, 0 to 1
 * @param throttle the reasons for reduced clocks as NVML's bit mask, for example
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
