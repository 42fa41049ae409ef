package io.tandem.text;

import org.apache.commons.text.WordUtils;

/** Breaks a paragraph into lines. */
public final class Wrap {
  private Wrap() {}

  /** Returns lines of at most {@code width} characters; a longer word has a line of its own. */
  public static String at(int width, String paragraph) {
    return WordUtils.wrap(paragraph, width, "\n", false);
  }
}
