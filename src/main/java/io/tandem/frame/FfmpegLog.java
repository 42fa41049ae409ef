package io.tandem.frame;

import org.bytedeco.ffmpeg.avutil.LogCallback;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.BytePointer;

/** What FFmpeg says of a damaged picture, kept for the thread that decodes it, never printed. */
final class FfmpegLog {
  private static final int MAX_CHARS = 300;
  private static final ThreadLocal<StringBuilder> SAID =
      ThreadLocal.withInitial(StringBuilder::new);

  /** FFmpeg holds it for good, so it must never be collected. */
  private static final LogCallback CALLBACK = new Callback();

  static {
    avutil.av_log_set_level(avutil.AV_LOG_ERROR);
    avutil.setLogCallback(CALLBACK);
  }

  private FfmpegLog() {}

  /** Forgets what was said on this thread; loads the library at the first call. */
  static void clear() {
    SAID.get().setLength(0);
  }

  /** What was said on this thread since {@link #clear}, on one line; may be empty. */
  static String said() {
    return SAID.get().toString().strip();
  }

  private static final class Callback extends LogCallback {
    @Override
    public void call(int level, BytePointer message) {
      StringBuilder said = SAID.get();
      String line = message.getString().replaceAll("\\[(\\w+) @ [0-9a-fx]+\\] ", "").strip();
      if (said.length() < MAX_CHARS && said.indexOf(line) < 0) {
        said.append(said.isEmpty() ? "" : "; ").append(line);
      }
    }
  }
}
