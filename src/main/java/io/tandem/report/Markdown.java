package io.tandem.report;

import io.tandem.text.Printable;
import java.util.regex.Pattern;

/** Writes text into Markdown so that it is shown as it is. */
final class Markdown {
  /** What ends a table's cell, and begins an element of HTML, a link, a picture or code. */
  private static final Pattern MARKUP = Pattern.compile("[\\\\|\\[\\]`*]");

  private Markdown() {}

  /** Returns the text without markup; line feeds remain. */
  static String escaped(String text) {
    return MARKUP.matcher(Printable.lines(text)).replaceAll("\\\\$0").replace("<", "&lt;");
  }
}
