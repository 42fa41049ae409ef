package io.tandem.postprocess;

/**
 * The rule by which two results of a frame agree, as Spark SQL expressions over the rows {@code
 * own}, of a trial, and {@code base}, of the baseline, which has a result.
 *
 * @param same 1 if they agree and 0 if not; null where the rule cannot tell. {@code %1$s} stands
 *     for the tie, a difference below which the baseline itself is undecided
 * @param difference the numeric difference, from 0
 */
public record ResultAgreement(String same, String difference) {
  /** Returns the expression that is 1 for agreement, 0 for none, and null for a tie. */
  public String same(double tie) {
    return same.formatted(tie);
  }
}
