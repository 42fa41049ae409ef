package io.tandem.text;

/** Breaks a paragraph into lines. */
public final class Wrap {
  private Wrap() {}

  /** Lines of at most so many characters, where words are not longer. */
  public static String at(int width, String paragraph) {
    StringBuilder lines = new StringBuilder();
    int column = 0;
    for (String word : paragraph.split(" ", -1)) {
      if (column > 0 && column + 1 + word.length() > width) {
        lines.append('\n');
        column = 0;
      } else if (column > 0) {
        lines.append(' ');
        column++;
      }
      lines.append(word);
      column += word.length();
    }
    return lines.toString();
  }
}
