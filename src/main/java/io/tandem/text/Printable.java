package io.tandem.text;

import java.util.stream.Collectors;

/**
 * Makes text that Tandem did not write harmless to show: names of files and labels, messages of
 * libraries, values of settings. Control characters are escaped as Java writes them, secrets of
 * URLs are redacted, and long texts lose their middle.
 */
public final class Printable {
  private static final int LONGEST_VALUE = 200;
  private static final int LONGEST_LINE = 2_000;
  private static final String ELIDED = "...";

  private Printable() {}

  /** Returns a value, such as a label or a path, on one line of at most 200 characters. */
  public static String value(String text) {
    return shortened(whole(text), LONGEST_VALUE);
  }

  /** Returns a sentence on one line of at most 2,000 characters. */
  public static String line(String text) {
    return shortened(whole(text), LONGEST_LINE);
  }

  /** Returns lines of at most 2,000 characters each; keeps line feeds. */
  public static String lines(String text) {
    return text.lines().map(Printable::line).collect(Collectors.joining("\n"))
        + (text.endsWith("\n") ? "\n" : "");
  }

  /** Returns the text with its control characters escaped, and without secrets, in full. */
  public static String whole(String text) {
    return escaped(Secrets.redacted(text));
  }

  private static String shortened(String text, int longest) {
    if (text.length() <= longest) {
      return text;
    }
    int end = longest / 4;
    int begin = longest - end - ELIDED.length();
    int from = text.length() - end;
    // Halves of a surrogate pair are no characters.
    return text.substring(0, Character.isHighSurrogate(text.charAt(begin - 1)) ? begin - 1 : begin)
        + ELIDED
        + text.substring(Character.isLowSurrogate(text.charAt(from)) ? from + 1 : from);
  }

  private static String escaped(String text) {
    if (text.codePoints().noneMatch(Printable::isHidden)) {
      return text;
    }
    StringBuilder shown = new StringBuilder(text.length() + 16);
    text.codePoints()
        .forEach(
            c -> {
              if (c == '\t') {
                shown.append(' ');
              } else if (isHidden(c)) {
                shown.append(String.format("\\u%04x", c));
              } else {
                shown.appendCodePoint(c);
              }
            });
    return shown.toString();
  }

  /** Returns whether a character commands a terminal, breaks the line, or reorders the text. */
  private static boolean isHidden(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE ->
          true;
      case Character.FORMAT -> c != 0x200c && c != 0x200d && c != 0xad; // Joiners are spelling.
      default -> false;
    };
  }
}
