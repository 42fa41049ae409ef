package io.tandem.frame;

/**
 * Configures javacpp's native memory: freed by {@code close}, never by the garbage collector, and
 * without javacpp's own limit, which also counts the model's memory and would refuse a small buffer
 * because of a large model.
 */
final class NativeMemory {
  static {
    System.setProperty("org.bytedeco.javacpp.nopointergc", "true");
    System.setProperty("org.bytedeco.javacpp.maxBytes", "0");
    System.setProperty("org.bytedeco.javacpp.maxPhysicalBytes", "0");
  }

  private NativeMemory() {}

  /** Applies the configuration; must be called before the first use of any javacpp class. */
  static void configure() {}
}
