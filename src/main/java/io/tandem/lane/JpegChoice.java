package io.tandem.lane;

import io.tandem.conf.JpegLibrary;
import io.tandem.conf.Settings;
import io.tandem.conf.SettingsException;
import io.tandem.frame.FrameDecoder;
import io.tandem.spark.Session;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which library decodes a run's JPEGs: one for all its lanes, so that the same frame gets the same
 * pixels wherever it is decoded.
 *
 * @param settings the run's, with the choice in the place of {@code auto}
 * @param decoder its name, as a run records it
 */
public record JpegChoice(Settings settings, String decoder) {

  /**
   * Chooses for this JVM, which is all there is in local mode.
   *
   * @throws SettingsException where the settings name a library that is not there
   */
  static JpegChoice here(Settings settings) {
    return of(settings, Set.of(FrameDecoder.turboJpegFile().orElse("")));
  }

  /**
   * Chooses by what the executors said when they started.
   *
   * @throws SettingsException where the settings name a library that one of them has not got
   */
  public static JpegChoice of(Session session, Settings settings) {
    if (session.isLocal()) {
      return here(settings);
    }
    if (settings.frames().decoding().jpegLibrary() == JpegLibrary.FFMPEG) {
      return of(settings, Set.of(""));
    }
    session.awaitExecutors();
    boolean mayChange = session.executorsComeAndGo();
    return of(settings, mayChange ? Set.of("") : new TreeSet<>(ExecutorDecoders.found()));
  }

  /**
   * @param files the library's file on each executor, "" where it is not installed
   */
  private static JpegChoice of(Settings settings, Set<String> files) {
    boolean everywhere = !files.isEmpty() && !files.contains("");
    JpegLibrary asked = settings.frames().decoding().jpegLibrary();
    if (asked == JpegLibrary.TURBOJPEG && !everywhere) {
      throw new SettingsException(
          "frames.jpeg-library = turbojpeg, but %s; install it (Debian's package is libturbojpeg0), or use auto or ffmpeg"
              .formatted(
                  files.size() > 1
                      ? "not every executor has libturbojpeg"
                      : "libturbojpeg is not installed"));
    }
    boolean turbo = asked != JpegLibrary.FFMPEG && everywhere;
    JpegLibrary chosen = turbo ? JpegLibrary.TURBOJPEG : JpegLibrary.FFMPEG;
    String decoder =
        turbo
            ? "libjpeg-turbo (%s)%s"
                .formatted(
                    String.join(", ", files),
                    settings.frames().decoding().scaledDecoding() ? ", scaled decoding" : "")
            : FrameDecoder.ffmpegVersion();
    Settings.Frames frames = settings.frames();
    Settings concrete =
        settings.withFrames(frames.withDecoding(frames.decoding().withJpegLibrary(chosen)));
    return new JpegChoice(concrete, decoder);
  }
}
