package io.tandem.postprocess;

import org.jspecify.annotations.Nullable;

/**
 * How far two results of a frame agree.
 *
 * @param same whether they agree by the rule of the task type; null where the rule cannot tell
 * @param difference the numeric difference, from 0; null if there is none to compute
 */
public record ResultAgreement(@Nullable Boolean same, @Nullable Double difference) {
  /** The agreement of a failed frame with a result. */
  public static final ResultAgreement OF_A_FAILURE = new ResultAgreement(false, null);
}
