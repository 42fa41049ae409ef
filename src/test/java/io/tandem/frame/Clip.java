package io.tandem.frame;

import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_frame;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_packet;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVInputFormat;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avformat;
import org.bytedeco.ffmpeg.global.avutil;

/**
 * A video file as FFmpeg demultiplexes and decodes it, whole in memory.
 *
 * @param frames in presentation order
 * @param sounds the streams of sound
 */
public record Clip(List<Shown> frames, List<Sound> sounds) {
  /** A frame. */
  public record Shown(long ptsMicros, boolean isKey, Tags tags, Picture picture) {}

  /** What the decoder says of the colours of a frame. */
  public record Tags(int matrix, int range, int primaries, int transfer) {}

  /** A stream of sound. */
  public record Sound(String codec, List<Long> ptsMicros, long bytes) {}

  /** Reads a local file. */
  public static Clip read(Path file) throws FrameException {
    NativeLibraries.load();
    FfmpegLog.clear();
    AVFormatContext format = new AVFormatContext(null);
    check(
        avformat.avformat_open_input(
            format, file.toString(), (AVInputFormat) null, (AVDictionary) null));
    check(avformat.avformat_find_stream_info(format, (AVDictionary) null));
    Clip clip = new Clip(new ArrayList<>(), new ArrayList<>());
    int video =
        avformat.av_find_best_stream(format, avutil.AVMEDIA_TYPE_VIDEO, -1, -1, (AVCodec) null, 0);
    AVCodecContext decoder = avcodec.avcodec_alloc_context3(null);
    check(avcodec.avcodec_parameters_to_context(decoder, format.streams(video).codecpar()));
    check(
        avcodec.avcodec_open2(
            decoder, avcodec.avcodec_find_decoder(decoder.codec_id()), (AVDictionary) null));
    Sound[] sounds = new Sound[format.nb_streams()];
    AVPacket packet = avcodec.av_packet_alloc();
    while (avformat.av_read_frame(format, packet) >= 0) {
      AVStream stream = format.streams(packet.stream_index());
      if (packet.stream_index() == video) {
        check(avcodec_send_packet(decoder, packet));
        clip.receive(decoder, stream);
      } else {
        sounds[packet.stream_index()] = heard(sounds[packet.stream_index()], stream, packet);
      }
      avcodec.av_packet_unref(packet);
    }
    check(avcodec_send_packet(decoder, (AVPacket) null));
    clip.receive(decoder, format.streams(video));
    avcodec.av_packet_free(packet);
    for (Sound sound : sounds) {
      if (sound != null) {
        clip.sounds.add(sound);
      }
    }
    avcodec.avcodec_free_context(decoder);
    avformat.avformat_close_input(format);
    return clip;
  }

  /** Returns the times of the frames, in microseconds. */
  public List<Long> times() {
    return frames.stream().map(Shown::ptsMicros).toList();
  }

  private static Sound heard(Sound before, AVStream stream, AVPacket packet) {
    String codec = avcodec.avcodec_get_name(stream.codecpar().codec_id()).getString();
    List<Long> times = before == null ? new ArrayList<>() : before.ptsMicros();
    times.add(micros(packet.pts(), stream));
    return new Sound(codec, times, (before == null ? 0 : before.bytes()) + packet.size());
  }

  private void receive(AVCodecContext decoder, AVStream stream) throws FrameException {
    AVFrame frame = avutil.av_frame_alloc();
    while (avcodec_receive_frame(decoder, frame) >= 0) {
      frames.add(
          new Shown(
              micros(frame.best_effort_timestamp(), stream),
              (frame.flags() & AVFrame.AV_FRAME_FLAG_KEY) != 0,
              new Tags(
                  frame.colorspace(),
                  frame.color_range(),
                  frame.color_primaries(),
                  frame.color_trc()),
              SegmentPictures.picture(frame)));
      avutil.av_frame_unref(frame);
    }
    avutil.av_frame_free(frame);
  }

  private static long micros(long pts, AVStream stream) {
    return Ticks.of(stream.time_base()).to(Ticks.MICROS, pts);
  }

  private static void check(int result) {
    if (result < 0) {
      throw new IllegalStateException(FfmpegDecoder.describe(result));
    }
  }
}
