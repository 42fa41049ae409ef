package io.tandem.frame;

import static org.bytedeco.ffmpeg.global.avutil.av_rescale;

import org.bytedeco.ffmpeg.avutil.AVRational;

/** A unit of time, as a share of a second: times are counted in it. */
record Ticks(long num, long den) {
  static final Ticks MICROS = new Ticks(1, 1_000_000);

  /** Returns the unit of a stream. */
  static Ticks of(AVRational unit) {
    return new Ticks(unit.num(), unit.den());
  }

  /** Returns a time of this unit in another one, rounded to the nearest. */
  long to(Ticks other, long time) {
    return av_rescale(time, num * other.den, den * other.num);
  }
}
