package io.tandem.conf;

/**
 * How {@code infer} follows a folder into which files arrive.
 *
 * @param enabled whether it does, instead of predicting the frames that are there
 * @param once whether it ends after the files that are there when it starts
 * @param settleSeconds a file is taken once its length and modification time have been the same for
 *     this long
 * @param intervalSeconds the time from one look at the folder to the next
 */
public record FollowSettings(
    boolean enabled, boolean once, double settleSeconds, double intervalSeconds) {
  private static final double SHORTEST_INTERVAL = 0.1;

  public FollowSettings {
    Require.notNegative("follow.settle", settleSeconds);
    if (!(intervalSeconds >= SHORTEST_INTERVAL)) {
      throw new SettingsException(
          "follow.interval must be at least 100 ms: %d ms"
              .formatted(Math.round(intervalSeconds * 1000)));
    }
  }

  /** Returns the same for one call, or for an open end. */
  public FollowSettings withOnce(boolean other) {
    return new FollowSettings(enabled, other, settleSeconds, intervalSeconds);
  }
}
