package io.tandem.trial;

import java.util.stream.IntStream;

/**
 * Stopping rule of a benchmark: at least {@code rounds}, then as many as its budget allows, until
 * the recommended trial is settled and the interval of its speedup is no wider than {@code
 * intervalWidth} of the value. The rule is evaluated after 6, 8, 11, 15, 20, ... rounds only.
 * Repeated looks with 95 % intervals would have a coverage below 95 %. Each look therefore uses a
 * 97.5 % interval; in simulation the overall coverage is 93 to 97 % (CoverageTest).
 *
 * @param intervalWidth 0: no more than {@code rounds}
 * @param budgetSeconds the time in which the rounds after the first ones end
 */
public record Stopping(int rounds, double intervalWidth, double budgetSeconds) {
  /** Minimum number of rounds for an interval. */
  public static final int ROUNDS_FOR_INTERVAL = 6;

  /** Confidence level of the interval at one look. */
  public static final double LEVEL_OF_A_LOOK = 0.975;

  private static final int[] LOOKS = {6, 8, 11, 15, 20, 27};

  /** Returns a rule of exactly this many rounds. */
  public static Stopping after(int rounds) {
    return new Stopping(rounds, 0, 0);
  }

  /** Returns the maximum number of rounds. */
  public int mostRounds() {
    int last = LOOKS[LOOKS.length - 1];
    return isAdaptive() ? last : rounds;
  }

  /** Returns whether to evaluate the rule after this round. */
  public boolean looksAfter(int round) {
    return isAdaptive() && round >= rounds && IntStream.of(LOOKS).anyMatch(look -> look == round);
  }

  /** Returns whether this round is the last but for what is repeated. */
  public boolean repeatsAfter(int round) {
    return !isAdaptive() && round == rounds && mostRepeats(rounds) > 0;
  }

  /** Returns whether the results decide which trials have how many rounds. */
  public boolean isAdaptive() {
    return intervalWidth > 0 && rounds >= ROUNDS_FOR_INTERVAL && rounds <= LOOKS[LOOKS.length - 1];
  }

  /**
   * Returns whether another round may begin.
   *
   * @param round its number
   * @param repeats how many of the first rounds are to be repeated
   * @param spentSeconds the time of the rounds before
   * @param lastSeconds the time of the last one
   */
  public boolean allows(int round, int repeats, double spentSeconds, double lastSeconds) {
    return round <= rounds + Math.min(repeats, mostRepeats(rounds))
        || (round <= mostRounds() && spentSeconds + lastSeconds <= budgetSeconds);
  }

  /** Returns how many of some rounds are repeated at most: a quarter. */
  public static int mostRepeats(int rounds) {
    return rounds / 4;
  }

  /** Returns whether the interval is narrow enough to stop. */
  public boolean isEnough(double value, Interval interval) {
    return interval.widthOf(value) <= intervalWidth;
  }
}
