package io.tandem.frame;

/**
 * How javacpp keeps native memory here: freed by {@code close}, never by the garbage collector, and
 * without its own limit, which counts the model's memory too and would refuse a small buffer
 * because of a large model.
 */
final class NativeMemory {
  static {
    System.setProperty("org.bytedeco.javacpp.nopointergc", "true");
    System.setProperty("org.bytedeco.javacpp.maxBytes", "0");
    System.setProperty("org.bytedeco.javacpp.maxPhysicalBytes", "0");
  }

  private NativeMemory() {}

  /** To be called before the first use of any javacpp class. */
  static void configure() {}
}
