package io.tandem.frame;

import org.bytedeco.ffmpeg.avutil.LogCallback;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.BytePointer;

/**
 * Captures FFmpeg's messages about a damaged picture for the decoding thread; never prints them.
 */
final class FfmpegLog {
  private static final int MAX_CHARS = 300;
  private static final ThreadLocal<StringBuilder> SAID =
      ThreadLocal.withInitial(StringBuilder::new);

  /** The callback; FFmpeg keeps a pointer to it, so it must never be collected. */
  private static final LogCallback CALLBACK = new Callback();

  static {
    avutil.av_log_set_level(avutil.AV_LOG_ERROR);
    avutil.setLogCallback(CALLBACK);
  }

  private FfmpegLog() {}

  /** Clears the messages of this thread; the first call loads the library. */
  static void clear() {
    SAID.get().setLength(0);
  }

  /** Returns the messages on this thread since {@link #clear}, on one line; may be empty. */
  static String said() {
    return SAID.get().toString().strip();
  }

  /** Returns these messages; if there are none, what an error of FFmpeg means. */
  static String why(int error) {
    String said = said();
    return said.isEmpty() ? FfmpegDecoder.describe(error) : said;
  }

  private static final class Callback extends LogCallback {
    @Override
    public void call(int level, BytePointer message) {
      StringBuilder said = SAID.get();
      String line = message.getString().replaceAll("\\[[\\w,]+ @ [0-9a-fx]+\\] ", "").strip();
      if (said.length() < MAX_CHARS && said.indexOf(line) < 0) {
        said.append(said.isEmpty() ? "" : "; ").append(line);
      }
    }
  }
}
