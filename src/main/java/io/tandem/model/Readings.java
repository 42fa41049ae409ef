package io.tandem.model;

import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What was read of a model's properties: each key once, in the order of the first time, with the
 * value in effect. Thread-safe.
 */
public final class Readings implements Serializable {
  private static final long serialVersionUID = 1L;

  private final Map<String, Reading> readings = new LinkedHashMap<>();

  /**
   * A key that was read.
   *
   * @param value the value in effect; null if there is none
   * @param isWritten whether a line has the key; otherwise the value is the default
   */
  public record Reading(String key, @Nullable String value, boolean isWritten)
      implements Serializable {}

  /** Adds a reading; one without a value does not replace one with a value. */
  synchronized void add(String key, @Nullable String value, boolean isWritten) {
    Reading reading = new Reading(key, value, isWritten);
    if (value == null) {
      readings.putIfAbsent(key, reading);
    } else {
      readings.put(key, reading);
    }
  }

  /** Returns the keys that have a value. */
  public synchronized List<Reading> inEffect() {
    return readings.values().stream().filter(reading -> reading.value() != null).toList();
  }

  /** Returns all keys that were read, also those without a value. */
  synchronized Set<String> keys() {
    return Set.copyOf(readings.keySet());
  }
}
