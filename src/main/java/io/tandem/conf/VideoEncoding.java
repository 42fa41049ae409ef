package io.tandem.conf;

import java.util.Locale;

/** The codecs of videos that a run writes. */
public enum VideoEncoding {
  /** H.264, by OpenH264: plays everywhere. */
  H264,
  /** VP9, by libvpx: smaller files, several times slower. */
  VP9,
  /** MPEG-4 part 2: for players that know no other; the fastest, with the largest files. */
  MPEG4;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
