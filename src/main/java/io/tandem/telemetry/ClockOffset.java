package io.tandem.telemetry;

import java.io.Serializable;

/**
 * Offset of an executor's clock from the driver's, in microseconds.
 *
 * @param offsetUs the executor's time minus the driver's
 * @param boundUs the maximum error of the offset
 */
public record ClockOffset(long offsetUs, long boundUs) implements Serializable {
  /** The offset within the driver's JVM: zero, without error. */
  public static final ClockOffset NONE = new ClockOffset(0, 0);
}
