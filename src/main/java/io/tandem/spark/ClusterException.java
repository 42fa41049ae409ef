package io.tandem.spark;

import io.tandem.conf.InputException;

/** A request that this Spark application cannot fulfill. */
public final class ClusterException extends InputException {
  private static final long serialVersionUID = 1L;

  /** Says what is wrong, with the value. */
  public ClusterException(String message) {
    super(null, message, null);
  }
}
