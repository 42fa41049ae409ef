package io.tandem.inference;

import io.tandem.conf.InputException;

/** A DataFrame lacks a column, or has one that it must not have. */
public final class ColumnException extends InputException {
  private static final long serialVersionUID = 1L;

  /** Says what is wrong, with the name. */
  ColumnException(String message) {
    super(null, message, null);
  }
}
