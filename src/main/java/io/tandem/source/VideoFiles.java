package io.tandem.source;

import java.util.Locale;
import java.util.Set;

/** Tells videos from images, by their names: an image is not opened before its task reads it. */
public final class VideoFiles {
  private static final Set<String> EXTENSIONS =
      Set.of("mp4", "m4v", "mov", "3gp", "mkv", "webm", "avi", "ts", "m2ts", "mts", "mpg", "mpeg");

  private VideoFiles() {}

  /** Returns whether the name of a file is that of a video. */
  public static boolean isVideo(String path) {
    return EXTENSIONS.contains(path.substring(path.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT));
  }

  /** Returns whether a listed file is a video that can be read. */
  static boolean isVideo(Frame file) {
    return file.run() == null && file.problem() == null && isVideo(file.path());
  }
}
