package io.tandem.text;

import java.util.Locale;

/** Writes numbers with their nouns and units. */
public final class Words {
  private Words() {}

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
}
