package io.tandem.report;

import java.util.Locale;

/** Numbers with their nouns. */
public final class Words {
  private Words() {}

  /** "1 frame", "1,200 frames". */
  public static String count(long number, String noun) {
    return String.format(Locale.ROOT, "%,d %s%s", number, noun, number == 1 ? "" : "s");
  }
}
