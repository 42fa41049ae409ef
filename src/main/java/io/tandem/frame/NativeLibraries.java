package io.tandem.frame;

import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;

/**
 * Loads javacpp and FFmpeg in one thread, while all others wait. Initialising one of their classes
 * loads a library, and loading a library initialises the class {@link Pointer}: without this, two
 * threads that begin with different classes may wait for each other for ever.
 *
 * <p>Native memory is freed by {@code close}, never by the garbage collector, and has no limit of
 * javacpp's own, which also counts the model's memory and would refuse a small buffer because of a
 * large model.
 */
final class NativeLibraries {
  static {
    System.setProperty("org.bytedeco.javacpp.nopointergc", "true");
    System.setProperty("org.bytedeco.javacpp.maxBytes", "0");
    System.setProperty("org.bytedeco.javacpp.maxPhysicalBytes", "0");
    Loader.load(Pointer.class);
    // Its constants are objects of other classes, which load it; those of later libraries are not.
    Loader.load(avutil.class);
  }

  private NativeLibraries() {}

  /** Loads them; must be called before the first use of any class of javacpp or FFmpeg. */
  static void load() {}
}
