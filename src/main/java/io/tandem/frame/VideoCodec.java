package io.tandem.frame;

import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_decoder;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_open2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_parameters_to_context;

import io.tandem.source.VideoRun;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avcodec.AVPacketSideData;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.PointerPointer;
import org.jspecify.annotations.Nullable;

/** Opens FFmpeg's decoder for a video. */
final class VideoCodec {
  private static final int MATRIX_INTS = 9;

  private VideoCodec() {}

  /**
   * Opens the decoder.
   *
   * @throws FrameException if there is none, or the video claims too many pixels
   */
  static AVCodecContext open(VideoInput input, long maxPixels, @Nullable VideoRun run)
      throws FrameException {
    AVCodecParameters parameters = input.parameters();
    long pixels = (long) parameters.width() * parameters.height();
    if (pixels > maxPixels) {
      throw new FrameException(
          "too large video: %d x %d pixels are more than frames.max-pixels = %d"
              .formatted(parameters.width(), parameters.height(), maxPixels));
    }
    AVCodec decoder = avcodec_find_decoder(parameters.codec_id());
    AVCodecContext codec = avcodec_alloc_context3(decoder);
    avcodec_parameters_to_context(codec, parameters);
    codec.thread_count(1);
    codec.max_pixels(maxPixels);
    codec.pkt_timebase(input.stream().time_base());
    codec.err_recognition(avcodec.AV_EF_CRCCHECK);
    if (run != null && run.keyframesOnly()) {
      codec.skip_frame(avcodec.AVDISCARD_NONKEY);
    }
    FfmpegLog.clear();
    int opened = avcodec_open2(codec, decoder, (PointerPointer<?>) null);
    if (opened < 0) {
      avcodec_free_context(codec);
      throw new FrameException("its decoder cannot be opened: " + FfmpegDecoder.describe(opened));
    }
    return codec;
  }

  /** Returns how its pictures are shown, by the display matrix of the file. */
  static Orientation orientation(AVCodecParameters parameters) {
    AVPacketSideData data =
        avcodec.av_packet_side_data_get(
            parameters.coded_side_data(),
            parameters.nb_coded_side_data(),
            avcodec.AV_PKT_DATA_DISPLAYMATRIX);
    if (data == null || data.isNull() || data.size() < MATRIX_INTS * (long) Integer.BYTES) {
      return Orientation.UPRIGHT;
    }
    int[] matrix = new int[MATRIX_INTS];
    new IntPointer(data.data()).get(matrix);
    return Orientation.ofMatrix(matrix[0], matrix[1], matrix[3], matrix[4]);
  }
}
