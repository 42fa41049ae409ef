package io.tandem.conf;

import java.util.Locale;

/**
 * The numbers of threads and lanes beyond which settings are refused with a {@link
 * SettingsException}: they would take the threads and the memory of a machine, and gain nothing.
 *
 * @param threads the most threads of one lane
 * @param lanes the most lanes at the same time
 * @param cores what they are compared with, for messages
 */
public record ThreadBounds(int threads, int lanes, String cores) {
  private static final int TIMES_THE_CORES = 16;
  private static final int LEAST = 64;

  private static final ThreadBounds CLUSTER =
      new ThreadBounds(4_096, 100_000, "the cores of any cluster");

  /** Returns the bounds of a machine: 16 times its cores, but at least 64. */
  public static ThreadBounds ofMachine(int cores) {
    int most = Math.max(LEAST, TIMES_THE_CORES * cores);
    return new ThreadBounds(
        most,
        most,
        cores == 1 ? "the core of this machine" : "the %d cores of this machine".formatted(cores));
  }

  /** Returns the bounds where machines are not known yet: more than any of them has. */
  public static ThreadBounds ofCluster() {
    return CLUSTER;
  }

  /** Refuses more lanes, or more threads of one, than {@code infer} may have. */
  public void check(InferSettings infer) {
    int ofLane = infer.intraOpThreads().orElse(1);
    require("infer.intra-op-threads", ofLane, threads);
    require("infer.lanes", infer.lanes().orElse(1), lanes);
    require("infer.lanes x infer.intra-op-threads", (long) infer.lanes().orElse(1) * ofLane, lanes);
  }

  /** Refuses more lanes, or more threads of one, than a benchmark may have. */
  public void check(BenchmarkSettings benchmark) {
    benchmark.grid().concurrency().forEach(n -> require("benchmark.concurrency", n, lanes));
    benchmark
        .grid()
        .intraOpThreads()
        .forEach(n -> require("benchmark.intra-op-threads", n, threads));
  }

  /** Refuses more helper threads of a lane. */
  public void check(Settings.Lane lane) {
    require("lane.decode-threads", lane.decodeThreads().orElse(0), threads);
  }

  /** Refuses more intra-op threads of a lane. */
  public void checkThreads(int ofLane) {
    require("the number of intra-op threads", ofLane, threads);
  }

  /** Refuses more task slots of a local master. */
  public void checkSlots(String master, long slots) {
    require("the number of slots of --master " + master, slots, lanes);
  }

  private void require(String what, long value, int most) {
    if (value > most) {
      throw new SettingsException(
          String.format(
              Locale.ROOT,
              "%s = %d is far more than %s; use at most %d",
              what,
              value,
              cores,
              most));
    }
  }
}
