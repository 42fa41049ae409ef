package io.tandem.frame;

import io.tandem.conf.VideoContainer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVOutputFormat;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avformat;
import org.bytedeco.ffmpeg.global.avutil;
import org.jspecify.annotations.Nullable;

/**
 * The sound of a source, which is copied to the video made of it packet by packet. Holds native
 * memory until closed.
 */
final class SoundInput implements AutoCloseable {
  private static final int NORMAL = 0; // FF_COMPLIANCE_NORMAL

  private final VideoInput input;
  private final AVPacket packet = avcodec.av_packet_alloc();

  /** The streams of the output, by those of the source. */
  private final Map<Integer, AVStream> copies = new LinkedHashMap<>();

  private final List<String> leftOut = new ArrayList<>();
  private long from = Long.MIN_VALUE;
  private boolean isRead;
  private boolean isOver;

  /** Takes over the source, and closes it. */
  SoundInput(VideoInput input) {
    this.input = input;
  }

  /** Returns the unit of the times of the source's pictures. */
  Ticks pictureUnit() {
    return Ticks.of(input.stream().time_base());
  }

  /** Returns when the last picture of the source ends on its clock; the largest long if unknown. */
  long pictureEnd() {
    AVStream pictures = input.stream();
    long start = pictures.start_time() == avutil.AV_NOPTS_VALUE ? 0 : pictures.start_time();
    return pictures.duration() == avutil.AV_NOPTS_VALUE
        ? Long.MAX_VALUE
        : pictureUnit().to(Ticks.MICROS, start + pictures.duration());
  }

  /** Leaves out sound before a time on the clock of the output, in microseconds. */
  void skipBefore(long micros) {
    from = Math.max(from, micros);
  }

  /**
   * Returns where the output begins on the source's clock, in microseconds: a transport stream may
   * begin hours after 0.
   */
  long begin() {
    long start = input.format().start_time();
    return input.isSoughtInBytes() && start != avutil.AV_NOPTS_VALUE ? start : 0;
  }

  /** Adds a stream to the output for each one of sound that its container takes. */
  void addTo(AVFormatContext output, VideoContainer container) throws FrameException {
    if (container != VideoContainer.MP4) {
      skipBefore(0); // Matroska has no times before 0, and would move the pictures instead.
    }
    AVFormatContext from = input.format();
    AVOutputFormat format = output.oformat();
    for (int i = 0; i < from.nb_streams(); i++) {
      AVStream stream = from.streams(i);
      boolean isSound = stream.codecpar().codec_type() == avutil.AVMEDIA_TYPE_AUDIO;
      if (isSound
          && avformat.avformat_query_codec(format, stream.codecpar().codec_id(), NORMAL) == 1) {
        AVStream copy = avformat.avformat_new_stream(output, (AVCodec) null);
        VideoJoiner.check(
            "its sound", avcodec.avcodec_parameters_copy(copy.codecpar(), stream.codecpar()));
        copy.codecpar().codec_tag(0);
        copy.time_base(stream.time_base());
        copy.disposition(stream.disposition());
        AVDictionary metadata = new AVDictionary(null);
        avutil.av_dict_copy(metadata, stream.metadata(), 0);
        copy.metadata(metadata); // Freed with the output.
        stream.discard(avcodec.AVDISCARD_DEFAULT);
        copies.put(i, copy);
      } else {
        stream.discard(avcodec.AVDISCARD_ALL);
        if (isSound) {
          leftOut.add(
              "its %s sound, which %s does not take"
                  .formatted(
                      avcodec.avcodec_get_name(stream.codecpar().codec_id()).getString(),
                      container));
        }
      }
    }
    isOver = copies.isEmpty();
  }

  /** Returns what is not in the output. */
  List<String> leftOut() {
    return List.copyOf(leftOut);
  }

  /**
   * Returns the next packet if it comes before a time, for its stream of the output; null if there
   * is none. It is the caller's to write or to unref.
   *
   * @param micros on the clock of the output
   */
  @Nullable AVPacket before(long micros) {
    if (!isOver && !isRead) {
      read();
    }
    if (isOver) {
      return null;
    }
    AVStream copy = copy();
    long due = packet.dts() == avutil.AV_NOPTS_VALUE ? packet.pts() : packet.dts();
    if (due != avutil.AV_NOPTS_VALUE
        && Ticks.of(copy.time_base()).to(Ticks.MICROS, due) >= micros) {
      return null;
    }
    isRead = false;
    packet.stream_index(copy.index());
    return packet;
  }

  private AVStream copy() {
    AVStream copy = copies.get(packet.stream_index());
    if (copy == null) {
      throw new IllegalStateException("no stream of sound");
    }
    return copy;
  }

  private void read() {
    while (true) {
      int result = avformat.av_read_frame(input.format(), packet);
      if (result < 0) {
        isOver = true;
        if (result != avutil.AVERROR_EOF) {
          leftOut.add(
              "its sound from where it cannot be read: " + input.failed("", result).getMessage());
        }
        return;
      }
      AVStream copy = copies.get(packet.stream_index());
      if (copy != null) {
        rescale(copy);
        isRead = Ticks.of(copy.time_base()).to(Ticks.MICROS, packet.pts()) >= from;
        if (isRead) {
          return;
        }
      }
      avcodec.av_packet_unref(packet);
    }
  }

  private void rescale(AVStream copy) {
    AVStream source = input.format().streams(packet.stream_index());
    long begin = Ticks.MICROS.to(Ticks.of(source.time_base()), begin());
    if (packet.pts() != avutil.AV_NOPTS_VALUE) {
      packet.pts(packet.pts() - begin);
    }
    if (packet.dts() != avutil.AV_NOPTS_VALUE) {
      packet.dts(packet.dts() - begin);
    }
    avcodec.av_packet_rescale_ts(packet, source.time_base(), copy.time_base());
    packet.pos(-1);
  }

  @Override
  public void close() {
    avcodec.av_packet_free(packet);
    input.close();
  }
}
