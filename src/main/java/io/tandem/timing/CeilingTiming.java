package io.tandem.timing;

/**
 * Frames that one lane processed in one part of its work measured in isolation. Times are in
 * microseconds; {@code startedUs} is an epoch time.
 *
 * @param part {@link #FORWARD} or {@link #DECODE}
 */
public record CeilingTiming(String part, long startedUs, long elapsedUs, long frames) {
  /** The forward pass. */
  public static final String FORWARD = "forward";

  /** JPEG decoding. */
  public static final String DECODE = "decode";
}
