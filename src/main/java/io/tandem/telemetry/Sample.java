package io.tandem.telemetry;

import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an executor and its host were doing at one moment: a row of {@code telemetry/}. A value that
 * this machine does not tell is null, or an empty list.
 *
 * @param atUs epoch microseconds, by the executor's clock
 * @param coreLoad how busy each of the host's logical processors was since the last sample, 0 to 1
 * @param coreMhz their frequencies
 * @param coreCelsius their temperatures
 * @param cpuCelsius the processor's temperature as a whole
 * @param processCores how many cores the executor's process kept busy since the last sample
 * @param rssBytes the process's resident memory
 * @param gcUs time in garbage collection since the last sample
 * @param runnable threads of the whole host that work or wait for a core
 * @param samplerUs CPU time that taking samples took since the last one
 * @param gpus the host's GPUs; only one executor of each host looks at them
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
