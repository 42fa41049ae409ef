package io.tandem.cli;

import io.tandem.text.Printable;

/** Prints what people read; nothing in it commands their terminal. */
final class Console {
  private Console() {}

  /** Prints a text of one or more ended lines: a result. */
  static void print(String text) {
    System.out.print(Printable.lines(text));
  }

  /** Prints a line of a result. */
  static void println(String line) {
    print(line + "\n");
  }

  /** Prints a sentence on the error stream. */
  static void say(String sentence) {
    System.err.println(Printable.line(sentence));
  }
}
