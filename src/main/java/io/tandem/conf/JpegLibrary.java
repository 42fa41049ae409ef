package io.tandem.conf;

/** Which library decodes common JPEGs; FFmpeg decodes all else in any case. */
public enum JpegLibrary {
  /** libjpeg-turbo where every executor has it, else FFmpeg. */
  AUTO,
  FFMPEG,
  TURBOJPEG
}
