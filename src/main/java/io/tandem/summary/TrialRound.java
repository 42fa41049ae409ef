package io.tandem.summary;

import org.jspecify.annotations.Nullable;

/** One trial in one round, over all its lanes. */
public record TrialRound(
    String trial,
    int round,
    Work work,
    Load load,
    Ceilings ceilings,
    Conditions conditions,
    Placement placement) {

  /**
   * The work done, and how long it took.
   *
   * @param elapsedUs the longest lane's time from the barrier's release to its end
   * @param commonUs the time from the first lane's start to the last one's end on a common clock;
   *     null where clocks were not compared
   */
  public record Work(int lanes, long frames, long elapsedUs, @Nullable Long commonUs) {}

  /**
   * The load that the job put on the machine.
   *
   * @param busyCores how many cores the job's processes kept busy
   * @param gpu how busy the job's GPUs were, 0 to 1; null where it is unknown
   */
  public record Load(double busyCores, @Nullable Double gpu) {}

  /** What each stage reached alone on the same lanes, in frames/s; null where not measured. */
  public record Ceilings(@Nullable Double forwardFps, @Nullable Double decodeFps) {
    /** No stage was measured alone. */
    public static final Ceilings NOT_MEASURED = new Ceilings(null, null);
  }

  /** Returns the throughput by the lanes' own clocks. */
  double framesPerSecond() {
    return work.frames() * 1e6 / work.elapsedUs();
  }
}
