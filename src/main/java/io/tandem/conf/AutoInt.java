package io.tandem.conf;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * A number that the user sets, or leaves to the program by {@code auto}.
 *
 * @param number the number; null for auto
 */
public record AutoInt(@Nullable Integer number) implements Serializable {
  /** The program chooses the number. */
  public static final AutoInt AUTO = new AutoInt(null);

  /** Returns the number that the user set. */
  public static AutoInt of(int number) {
    return new AutoInt(number);
  }

  /** Returns whether the program chooses the number. */
  public boolean isAuto() {
    return number == null;
  }

  /** Returns the number that the user set, otherwise {@code chosen}. */
  public int orElse(int chosen) {
    return number == null ? chosen : number;
  }

  /**
   * Returns the number that is set.
   *
   * @throws IllegalStateException for auto
   */
  public int get() {
    if (number == null) {
      throw new IllegalStateException("auto is not resolved yet");
    }
    return number;
  }

  /** Returns "auto", or the number. */
  @Override
  public String toString() {
    return number == null ? "auto" : number.toString();
  }
}
