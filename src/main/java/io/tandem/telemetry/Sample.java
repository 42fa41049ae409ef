package io.tandem.telemetry;

import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * State of an executor and its host at one time: a row of {@code telemetry/}. A value that the
 * machine does not report is null or an empty list.
 *
 * @param atUs epoch microseconds, by the executor's clock
 * @param coreLoad load of each logical processor of the host since the last sample, 0 to 1
 * @param coreMhz frequency of each logical processor
 * @param coreCelsius temperature of each logical processor
 * @param cpuCelsius temperature of the processor package
 * @param processCores average number of cores used by the executor's process since the last sample
 * @param rssBytes the process's resident memory
 * @param gcUs time in garbage collection since the last sample
 * @param runnable runnable threads of the whole host, running or waiting for a core
 * @param samplerUs CPU time of the sampler thread since the last sample
 * @param gpus the host's GPUs; only one executor of each host reports them
 * @param clock offset from the driver's clock; null if unknown
 */
public record Sample(
    String executor,
    String host,
    long atUs,
    List<Float> coreLoad,
    List<Float> coreMhz,
    List<Float> coreCelsius,
    @Nullable Float cpuCelsius,
    float processCores,
    @Nullable Long rssBytes,
    long gcUs,
    @Nullable Integer runnable,
    long samplerUs,
    List<GpuSample> gpus,
    @Nullable ClockOffset clock)
    implements Serializable {
  public Sample {
    coreLoad = List.copyOf(coreLoad);
    coreMhz = List.copyOf(coreMhz);
    coreCelsius = List.copyOf(coreCelsius);
    gpus = List.copyOf(gpus);
  }
}
