package io.tandem.frame;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Binds libjpeg-turbo's TurboJPEG library, if the host has it installed. Addresses are passed as
 * numbers; javacpp owns the memory behind them.
 */
final class TurboJpeg {
  /** Stops decoding at the first warning, because a warning means damage. */
  static final int STOP_ON_WARNING = 8192;

  private static final String NAME = "turbojpeg";
  private static final @Nullable String FILE = load();

  private TurboJpeg() {}

  /** Returns the library's file, such as "libturbojpeg.so.0.2.0"; empty if there is none. */
  static Optional<String> file() {
    return Optional.ofNullable(FILE);
  }

  private static @Nullable String load() {
    try {
      NativeLibrary library = NativeLibrary.getInstance(NAME);
      Native.register(TurboJpeg.class, library);
      return library.getFile().toPath().toRealPath().getFileName().toString();
    } catch (IOException | LinkageError e) {
      return null;
    }
  }

  static native long tjInitDecompress();

  static native int tjDestroy(long handle);

  static native int tjDecompressHeader3(
      long handle,
      long jpeg,
      long length,
      long width,
      long height,
      long subsampling,
      long colorspace);

  static native int tjDecompressToYUVPlanes(
      long handle,
      long jpeg,
      long length,
      long planes,
      int width,
      long strides,
      int height,
      int flags);

  static native Pointer tjGetErrorStr2(long handle);
}
