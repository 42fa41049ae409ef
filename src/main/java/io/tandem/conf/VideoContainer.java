package io.tandem.conf;

import java.util.Locale;

/** The containers of videos that a run writes. */
public enum VideoContainer {
  /** Keeps the timestamps of any source exactly. */
  MP4,
  /** Takes any sound; rounds timestamps to milliseconds. */
  MKV,
  /** Takes VP9 with Vorbis or Opus; rounds timestamps to milliseconds. */
  WEBM;

  /** Returns the ending of a file's name, without the dot. */
  public String ending() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns whether it takes pictures of this codec. */
  public boolean takes(VideoEncoding codec) {
    return this != WEBM || codec == VideoEncoding.VP9;
  }

  @Override
  public String toString() {
    return ending();
  }
}
