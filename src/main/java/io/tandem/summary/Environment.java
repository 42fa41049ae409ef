package io.tandem.summary;

import java.util.List;

/**
 * Where a run ran, as {@code environment.json} keeps it. {@code cores} are those that the lanes
 * share; {@code trials} are a benchmark's, the serial baseline first, the one with every core
 * second; {@code decodeThreads} are those of a lane.
 */
public record Environment(
    String tandem,
    String spark,
    String hadoop,
    String engine,
    String java,
    String os,
    String cpu,
    int cores,
    int gpus,
    String master,
    int slots,
    String model,
    String fingerprint,
    int frames,
    long frameBytes,
    List<String> trials,
    int decodeThreads,
    Rules rules) {

  public Environment {
    trials = List.copyOf(trials);
  }
}
