package io.tandem.frame;

import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_FLAG_CORRUPT;
import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_FLAG_DISCARD;
import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_FLAG_KEY;

import io.tandem.conf.AutoInt;
import io.tandem.conf.Settings;
import io.tandem.source.Frame;
import io.tandem.source.VideoIndex;
import io.tandem.source.VideoListing;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.conf.Configuration;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avutil;
import org.jspecify.annotations.Nullable;

/**
 * Lists the frames of a video file by demultiplexing it. Of an MP4 or MOV file only the header is
 * read, whose tables have the times and places of all frames; of other files everything.
 */
public final class VideoIndexer implements VideoIndex {
  private static final long serialVersionUID = 1L;

  /** Three days of 60 frames a second; a file that claims more is hardly meant. */
  private static final int MOST_FRAMES = 15_000_000;

  private final double timeoutSeconds;

  /**
   * Creates an indexer.
   *
   * @param timeoutSeconds how long a read of a part of a file may last
   */
  public VideoIndexer(double timeoutSeconds) {
    this.timeoutSeconds = timeoutSeconds;
  }

  /** Returns an indexer by the settings of a job. */
  public static VideoIndexer of(Settings settings) {
    return new VideoIndexer(settings.lane().frameTimeoutSeconds());
  }

  @Override
  public VideoListing list(Frame file, Configuration hadoop) {
    NativeLibraries.load(); // Not before there is a video: an indexer is made before each job.
    ByteSource source = new HadoopByteSource(hadoop, AutoInt.AUTO, timeoutSeconds);
    try (VideoInput input = VideoInput.open(source.open(file), true)) {
      String refusal = refusal(input.parameters());
      if (refusal != null) {
        return VideoListing.unreadable(refusal, input.readBytes());
      }
      return hasAllInHeader(input, source, file)
          ? ofHeader(source, file, isInterlaced(input))
          : list(input, false, isInterlaced(input));
    } catch (FrameException e) {
      return VideoListing.unreadable(String.valueOf(e.getMessage()), 0);
    }
  }

  private static @Nullable String refusal(AVCodecParameters codec) {
    var decoder = avcodec.avcodec_find_decoder(codec.codec_id());
    if (decoder == null || decoder.isNull()) {
      return "its codec%s has no decoder here; convert it, for example to H.264"
          .formatted(name(codec));
    }
    if (codec.color_trc() == avutil.AVCOL_TRC_SMPTE2084
        || codec.color_trc() == avutil.AVCOL_TRC_ARIB_STD_B67) {
      return "has HDR colours (%s), which models of ordinary pictures do not know; convert it to SDR (BT.709)"
          .formatted(codec.color_trc() == avutil.AVCOL_TRC_SMPTE2084 ? "PQ" : "HLG");
    }
    return null;
  }

  /** Returns the name of a codec after a space; empty if the container does not name it either. */
  private static String name(AVCodecParameters codec) {
    if (codec.codec_id() != avcodec.AV_CODEC_ID_NONE) {
      return " " + avcodec.avcodec_get_name(codec.codec_id()).getString();
    }
    byte[] tag =
        ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(codec.codec_tag()).array();
    String text = new String(tag, StandardCharsets.ISO_8859_1);
    return text.chars().allMatch(c -> ' ' <= c && c <= '~') ? " " + text.strip() : "";
  }

  /** A file in fragments has a header for each of them. */
  private static boolean hasAllInHeader(VideoInput input, ByteSource source, Frame file)
      throws FrameException {
    if (!input.isIndexed() || input.stream().nb_frames() <= 0) {
      return false;
    }
    try (FileBytes bytes = source.open(file)) {
      return !Mp4Boxes.hasFragments(bytes);
    } catch (IOException e) {
      throw new FrameException("cannot be read: " + e.getMessage(), e);
    }
  }

  /** Whether the parser has seen fields, where the container does not say. */
  private static boolean isInterlaced(VideoInput input) {
    int order = input.parameters().field_order();
    return order != avcodec.AV_FIELD_PROGRESSIVE && order != avcodec.AV_FIELD_UNKNOWN;
  }

  /**
   * Lists the frames with a parser that is not started: it would look at bytes that are skipped.
   */
  private static VideoListing ofHeader(ByteSource source, Frame file, boolean interlaced)
      throws FrameException {
    try (VideoInput input = VideoInput.open(source.open(file), false)) {
      input.skipBytes();
      return list(input, true, interlaced);
    }
  }

  private static VideoListing list(VideoInput input, boolean allInHeader, boolean interlaced)
      throws FrameException {
    boolean hidesFrames = !allInHeader && input.parameters().codec_id() == avcodec.AV_CODEC_ID_VP8;
    VideoPackets packets = new VideoPackets(input.isSoughtInBytes());
    AVPacket packet = avcodec.av_packet_alloc();
    int result;
    try {
      FfmpegLog.clear();
      while ((result = input.read(packet)) >= 0) {
        boolean shown =
            (packet.flags() & AV_PKT_FLAG_DISCARD) == 0 && !(hidesFrames && isHidden(packet));
        if (input.isCutOff(packet)) {
          packets.truncated();
        } else {
          packets.add(packet, (packet.flags() & AV_PKT_FLAG_KEY) != 0, shown);
        }
        if (!allInHeader
            && ((packet.flags() & AV_PKT_FLAG_CORRUPT) != 0 || !FfmpegLog.said().isEmpty())) {
          packets.damaged(FfmpegLog.said());
          FfmpegLog.clear();
        }
        avcodec.av_packet_unref(packet);
        if (packets.size() > MOST_FRAMES) {
          throw new FrameException(
              "has more than %,d frames; split it into several files".formatted(MOST_FRAMES));
        }
      }
    } finally {
      avcodec.av_packet_free(packet);
    }
    if (input.hasFailed()) {
      throw input.failed("", result);
    }
    if (result != avutil.AVERROR_EOF || (!allInHeader && !FfmpegLog.said().isEmpty())) {
      packets.damaged(FfmpegLog.said());
    }
    long claimed = allInHeader ? input.stream().nb_frames() : 0;
    return packets.listing(input, claimed, interlaced);
  }

  /** VP8 has pictures that are only referred to; RFC 6386, 9.1: the bit show_frame. */
  private static boolean isHidden(AVPacket packet) {
    return packet.size() > 0 && (packet.data().get(0) & 0x10) == 0;
  }
}
