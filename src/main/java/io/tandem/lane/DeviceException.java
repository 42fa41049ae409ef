package io.tandem.lane;

import io.tandem.conf.InputException;

/** A requested device that the task does not have. */
public final class DeviceException extends InputException {
  private static final long serialVersionUID = 1L;

  /** Says what is wrong, with the value. */
  public DeviceException(String message) {
    super(null, message, null);
  }
}
