package io.tandem.frame;

import java.util.concurrent.atomic.AtomicLong;
import org.bytedeco.javacpp.Pointer;

/** A number that FFmpeg passes to a callback, in the place of an address. */
final class FfmpegNumber extends Pointer {
  private static final AtomicLong LAST = new AtomicLong();

  private FfmpegNumber(long number) {
    address = number;
  }

  /** Returns one that no other has. */
  static FfmpegNumber next() {
    return new FfmpegNumber(LAST.incrementAndGet());
  }
}
