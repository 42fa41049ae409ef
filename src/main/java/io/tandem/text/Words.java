package io.tandem.text;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** Writes numbers with their nouns and units, and messages on one line. */
public final class Words {
  private static final int LONGEST_LINE = 500;

  private Words() {}

  /**
   * Returns a foreign message on one line of printable text. White space becomes one space, other
   * control characters a question mark.
   */
  public static String printable(String message) {
    return message.strip().replaceAll("\\s+", " ").replaceAll("\\p{Cc}", "?");
  }

  /** Returns a foreign message as {@link #printable} text of at most 500 characters. */
  public static String oneLine(String message) {
    String line = printable(message);
    return line.length() <= LONGEST_LINE ? line : line.substring(0, LONGEST_LINE - 3) + "...";
  }

  /** Returns "1 frame", "1,200 frames". */
  public static String count(long number, String noun) {
    return String.format(Locale.ROOT, "%,d %s%s", number, noun, number == 1 ? "" : "s");
  }

  /** Returns "7 s", "3 min 20 s", "1 h 5 min". */
  public static String time(double seconds) {
    long s = Math.round(seconds);
    return s < 60
        ? s + " s"
        : s < 3600 ? s / 60 + " min " + s % 60 + " s" : s / 3600 + " h " + s % 3600 / 60 + " min";
  }

  /** Returns the same, "50 ms" for less than a second. */
  public static String shortTime(double seconds) {
    return seconds > 0 && seconds < 1 ? Math.round(seconds * 1000) + " ms" : time(seconds);
  }

  /**
   * Returns the word that is a typing error away: at most two letters, and at most a third of them
   * or one; otherwise an empty one.
   */
  public static String similar(String word, Collection<String> among) {
    LevenshteinDistance distance =
        new LevenshteinDistance(Math.max(1, Math.min(2, word.length() / 3)));
    return among.stream()
        .filter(known -> distance.apply(word, known) >= 0)
        .min(Comparator.comparing(known -> distance.apply(word, known)))
        .orElse("");
  }
}
