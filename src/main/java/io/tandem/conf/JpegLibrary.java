package io.tandem.conf;

/** The library that decodes common JPEGs; FFmpeg always decodes all other images. */
public enum JpegLibrary {
  /** libjpeg-turbo if every executor has it, otherwise FFmpeg. */
  AUTO,
  FFMPEG,
  TURBOJPEG
}
