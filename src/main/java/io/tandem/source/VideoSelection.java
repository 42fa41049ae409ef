package io.tandem.source;

import io.tandem.conf.VideoSettings;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;

/** Selects frames of a listed video, by the settings and by columns of its row in a manifest. */
final class VideoSelection {
  private static final String START = "start";
  private static final String END = "end";

  private final VideoSettings settings;

  VideoSelection(VideoSettings settings) {
    this.settings = settings;
  }

  /**
   * Returns the ranks of the frames to take, ascending.
   *
   * @param columns the other columns of the video's row in a manifest; null if there are none
   * @throws IllegalArgumentException if a time of the row is none, with a sentence
   */
  int[] of(VideoListing video, @Nullable Row columns) {
    Double start = seconds(columns, START);
    Double end = seconds(columns, END);
    if (start != null && end != null && end <= start) {
      throw new IllegalArgumentException(
          "the manifest's end = %s s is not after its start = %s s".formatted(end, start));
    }
    double from = start != null ? start : orElse(settings.startSeconds(), 0);
    double to = end != null ? end : orElse(settings.endSeconds(), Double.POSITIVE_INFINITY);
    int[] all =
        settings.keyframesOnly() ? keyframes(video) : IntStream.range(0, video.size()).toArray();
    int[] taken = new int[all.length];
    int size = 0;
    int inRange = 0;
    long slot = Long.MIN_VALUE;
    for (int frame : all) {
      double time = (video.micros(frame) - video.micros(0)) / 1e6;
      if (time < from || time >= to) {
        continue;
      }
      if (inRange++ % settings.every() != 0) {
        continue;
      }
      if (settings.fps() != null) {
        // A frame a slot of 1 / fps seconds; half a microsecond against rounding of the times.
        long own = (long) Math.floor((time - from + 0.5e-6) * settings.fps());
        if (own == slot) {
          continue;
        }
        slot = own;
      }
      taken[size++] = frame;
      if (size == settings.limit()) {
        break;
      }
    }
    return Arrays.copyOf(taken, size);
  }

  private static int[] keyframes(VideoListing video) {
    return video.keyframes().stream()
        .filter(key -> key.first() < video.size() && video.micros(key.first()) == key.micros())
        .mapToInt(VideoListing.Keyframe::first)
        .distinct()
        .toArray();
  }

  private static double orElse(@Nullable Double value, double other) {
    return value == null ? other : value;
  }

  /** Returns the text of a row's time range; empty if it has none, equal for equal times. */
  static String range(@Nullable Row columns) {
    return text(columns, START) + text(columns, END);
  }

  private static String text(@Nullable Row columns, String name) {
    try {
      Double seconds = seconds(columns, name);
      return seconds == null ? "" : " %s %s".formatted(name, seconds);
    } catch (IllegalArgumentException e) {
      return " " + e.getMessage();
    }
  }

  private static @Nullable Double seconds(@Nullable Row columns, String name) {
    int at = columns == null || columns.schema() == null ? -1 : indexOf(columns, name);
    if (columns == null || at < 0 || columns.isNullAt(at)) {
      return null;
    }
    String text = String.valueOf(columns.get(at)).strip();
    if (text.isEmpty()) {
      return null;
    }
    try {
      double seconds = Double.parseDouble(text);
      if (seconds >= 0) {
        return seconds;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw new IllegalArgumentException(
        "the manifest's %s = %s is no time in seconds, from 0 on".formatted(name, text));
  }

  private static int indexOf(Row columns, String name) {
    return Arrays.asList(columns.schema().fieldNames()).indexOf(name);
  }
}
