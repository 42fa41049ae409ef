package io.tandem.summary;

import org.jspecify.annotations.Nullable;

/**
 * One trial in one round, over all its lanes. {@code elapsedUs} is the longest lane's time from the
 * barrier's release to its end; {@code commonUs} the time from the first lane's start to the last
 * one's end on a common clock, null where clocks were not compared; {@code busyCores} how many
 * cores the job's processes kept busy; {@code gpuLoad} how busy its GPUs were, 0 to 1, null where
 * nobody told; the ceilings are in frames/s, null where not measured.
 */
public record TrialRound(
    String trial,
    int round,
    int lanes,
    long frames,
    long elapsedUs,
    @Nullable Long commonUs,
    double busyCores,
    @Nullable Double gpuLoad,
    @Nullable Double ceilingFps,
    @Nullable Double decodeCeilingFps,
    Conditions conditions,
    Placement placement) {

  double framesPerSecond() {
    return frames * 1e6 / elapsedUs;
  }
}
