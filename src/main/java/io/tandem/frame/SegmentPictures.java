package io.tandem.frame;

import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_frame;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_packet;

import java.nio.ByteBuffer;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avutil;

/** Decodes the outer pictures of a segment, to show them where a neighbouring segment has none. */
public final class SegmentPictures {
  static {
    NativeLibraries.load();
  }

  private SegmentPictures() {}

  /**
   * Returns the first picture of a segment, and closes it.
   *
   * @throws FrameException if it cannot be decoded
   */
  public static Picture first(FileBytes segment) throws FrameException {
    return decoded(segment, 1);
  }

  /**
   * Returns the last picture of a segment, and closes it.
   *
   * @throws FrameException if it cannot be decoded
   */
  public static Picture last(FileBytes segment) throws FrameException {
    return decoded(segment, Long.MAX_VALUE);
  }

  private static Picture decoded(FileBytes segment, long most) throws FrameException {
    try (VideoInput input = VideoInput.open(segment, true)) {
      AVCodecContext codec = VideoCodec.open(input, Integer.MAX_VALUE, null);
      AVPacket packet = avcodec.av_packet_alloc();
      AVFrame next = avutil.av_frame_alloc();
      AVFrame kept = avutil.av_frame_alloc();
      try {
        long count = 0;
        boolean isOver = false;
        while (!isOver && count < most) {
          int read = input.read(packet);
          isOver = read < 0;
          VideoJoiner.check("a segment", avcodec_send_packet(codec, isOver ? null : packet));
          avcodec.av_packet_unref(packet);
          while (count < most && avcodec_receive_frame(codec, next) >= 0) {
            avutil.av_frame_unref(kept);
            avutil.av_frame_move_ref(kept, next);
            count++;
          }
        }
        if (count == 0) {
          throw new FrameException("a segment has no picture: it is damaged");
        }
        return picture(kept);
      } finally {
        avutil.av_frame_free(kept);
        avutil.av_frame_free(next);
        avcodec.av_packet_free(packet);
        avcodec.avcodec_free_context(codec);
      }
    }
  }

  /** Returns a decoded frame, by its tags of colour. */
  static Picture picture(AVFrame frame) throws FrameException {
    int width = frame.width();
    int height = frame.height();
    byte[] rgb = new byte[3 * width * height];
    try (FrameScaler scaler =
        new FrameScaler(PixelLayout.INTERLEAVED, Channels.RGB, Framing.Filter.BILINEAR)) {
      ByteBuffer pixels = scaler.scale(frame, width, height);
      for (int y = 0; y < height; y++) {
        pixels.get(y * scaler.stride(), rgb, y * 3 * width, 3 * width);
      }
    }
    return new Picture(width, height, rgb);
  }
}
