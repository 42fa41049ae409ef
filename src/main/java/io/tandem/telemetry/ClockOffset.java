package io.tandem.telemetry;

import java.io.Serializable;

/**
 * An executor's clock against the driver's, in microseconds: {@code offsetUs} is what the
 * executor's shows more, give or take {@code boundUs}.
 */
public record ClockOffset(long offsetUs, long boundUs) implements Serializable {
  /** The driver's own JVM. */
  public static final ClockOffset NONE = new ClockOffset(0, 0);
}
