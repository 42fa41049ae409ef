package io.tandem.trial;

import java.util.stream.IntStream;

/**
 * Stopping rule of a trial: at least {@code rounds}, then until its interval is no wider than
 * {@code intervalWidth} of the value. The rule is evaluated after 6, 10 and 16 rounds only. Three
 * looks with 95 % intervals would have a coverage below 95 %. Each look therefore uses a 97.5 %
 * interval; in simulation the overall coverage is 94 to 97 % (CoverageTest).
 */
public record Stopping(int rounds, double intervalWidth) {
  /** Minimum number of rounds for an interval. */
  public static final int ROUNDS_FOR_INTERVAL = 6;

  /** Confidence level of the interval at one look. */
  public static final double LEVEL_OF_A_LOOK = 0.975;

  private static final int[] LOOKS = {6, 10, 16};

  /** Returns the maximum number of rounds. */
  public int mostRounds() {
    int last = LOOKS[LOOKS.length - 1];
    return looks() ? last : rounds;
  }

  /** Returns whether to evaluate the rule after this round. */
  public boolean looksAfter(int round) {
    return looks() && round >= rounds && IntStream.of(LOOKS).anyMatch(look -> look == round);
  }

  private boolean looks() {
    return intervalWidth > 0 && rounds >= ROUNDS_FOR_INTERVAL && rounds <= LOOKS[LOOKS.length - 1];
  }

  /** Returns whether the interval is narrow enough to stop. */
  public boolean isEnough(double value, Interval interval) {
    return interval.widthOf(value) <= intervalWidth;
  }
}
