package io.tandem.timing;

/**
 * How many frames one lane got done when it worked on one part of the work alone. Microseconds;
 * {@code startedUs} is an epoch time.
 *
 * @param part {@link #FORWARD} or {@link #DECODE}
 */
public record CeilingTiming(String part, long startedUs, long elapsedUs, long frames) {
  public static final String FORWARD = "forward";
  public static final String DECODE = "decode";
}
