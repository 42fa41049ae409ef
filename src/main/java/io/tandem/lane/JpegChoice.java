package io.tandem.lane;

import io.tandem.conf.JpegLibrary;
import io.tandem.conf.Settings;
import io.tandem.conf.SettingsException;
import io.tandem.frame.FrameDecoder;
import io.tandem.source.FramePlan;
import io.tandem.spark.Session;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The library that decodes a run's JPEGs: one for all lanes, so that a frame has the same pixels on
 * every executor.
 *
 * @param settings the run's settings, with {@code auto} resolved
 * @param decoder the decoder's name, as recorded for the run
 */
public record JpegChoice(Settings settings, String decoder) {

  /**
   * Returns what decodes these frames, such as "JPEG by FFmpeg 8.1.2"; of frames that are not known
   * yet, both.
   */
  public String decoders(FramePlan frames) {
    long videos = frames.size() == 0 ? 1 : frames.videoFrames();
    long images = frames.size() == 0 ? 1 : frames.size() - videos;
    return Stream.of(
            images > 0 ? "JPEG by " + decoder : "",
            videos > 0 ? "videos by " + FrameDecoder.ffmpegVersion() : "")
        .filter(text -> !text.isEmpty())
        .collect(Collectors.joining(", "));
  }

  /**
   * Chooses for this JVM, the only one in local mode.
   *
   * @throws SettingsException if the settings name a library that is not installed
   */
  static JpegChoice here(Settings settings) {
    return of(settings, Set.of(FrameDecoder.turboJpegFile().orElse("")));
  }

  /**
   * Returns the settings with what this host decodes JPEGs by, if nobody has chosen for all hosts:
   * another program's session does not say what its executors have.
   */
  static Settings.Decoding ofThisHost(Settings.Decoding settings) {
    return settings.jpegLibrary() != JpegLibrary.AUTO
        ? settings
        : settings.withJpegLibrary(
            FrameDecoder.turboJpegFile().isPresent() ? JpegLibrary.TURBOJPEG : JpegLibrary.FFMPEG);
  }

  /** Returns the choice with other settings that name the same library. */
  public JpegChoice with(Settings other) {
    return new JpegChoice(other, decoder);
  }

  /**
   * Chooses by what the executors reported at startup.
   *
   * @throws SettingsException if the settings name a library that an executor lacks
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
    return of(
        settings, mayChange ? Set.of("") : new TreeSet<>(ExecutorHosts.turboJpegFiles(session)));
  }

  /**
   * Chooses by the libraries that are installed.
   *
   * @param files the library's file on each executor; "" if not installed
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
