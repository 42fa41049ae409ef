package io.tandem.frame;

import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_FLAG_KEY;
import static org.bytedeco.ffmpeg.global.avcodec.av_new_packet;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_decoder;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_flush_buffers;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_open2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_frame;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_packet;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_get;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_unref;
import static org.bytedeco.ffmpeg.global.avutil.av_strerror;

import io.tandem.conf.Fit;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVDictionaryEntry;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerPointer;

/**
 * Decodes images with FFmpeg, on the calling thread alone, into uint8 RGB of one size: decoding,
 * then scaling and colour conversion in one step, then turning by the EXIF orientation. Alpha is
 * dropped; colour profiles are not applied; damage is an error. Holds native memory until closed;
 * not for several threads.
 */
public final class FrameDecoder implements AutoCloseable {
  static {
    NativeMemory.configure();
  }

  private static final AtomicInteger OPEN = new AtomicInteger();
  private static final int STRICT =
      avcodec.AV_EF_EXPLODE
          | avcodec.AV_EF_CRCCHECK
          | avcodec.AV_EF_BITSTREAM
          | avcodec.AV_EF_BUFFER;

  private final int width;
  private final int height;
  private final Fit fit;
  private final long maxPixels;
  private final Map<ImageFormat, AVCodecContext> codecs = new EnumMap<>(ImageFormat.class);
  private final AVPacket packet = av_packet_alloc();
  private final AVFrame picture = av_frame_alloc();
  private final FrameScaler scaler;

  public FrameDecoder(int width, int height, Fit fit, long maxPixels) {
    this.width = width;
    this.height = height;
    this.fit = fit;
    this.maxPixels = maxPixels;
    this.scaler = new FrameScaler();
    OPEN.incrementAndGet();
  }

  /** How many are not closed yet, in this JVM. */
  public static int open() {
    return OPEN.get();
  }

  /** Bytes of one decoded frame: height x width x 3. */
  public int frameBytes() {
    return height * width * 3;
  }

  /**
   * Decodes {@code bytes[0, length)} into {@code pixels} from {@code at}, {@link #frameBytes} of
   * them, as [height, width, 3].
   *
   * @param pixels a direct buffer
   * @throws FrameException where the bytes are no whole picture, or claim too many pixels
   */
  public void decode(byte[] bytes, int length, ByteBuffer pixels, int at) throws FrameException {
    FfmpegLog.clear();
    ImageFormat format = ImageFormat.of(bytes, length);
    AVCodecContext codec = codecs.computeIfAbsent(format, this::open);
    try {
      decodePicture(codec, format, bytes, length);
      place(picture, pixels, at);
    } finally {
      av_frame_unref(picture);
      av_packet_unref(packet);
    }
  }

  private void decodePicture(AVCodecContext codec, ImageFormat format, byte[] bytes, int length)
      throws FrameException {
    check(av_new_packet(packet, length), "no memory for %d bytes".formatted(length));
    packet.data().put(bytes, 0, length);
    // A PNG without it is taken for a difference from the one before of the same size.
    packet.flags(AV_PKT_FLAG_KEY);
    int sent = avcodec_send_packet(codec, packet);
    int received = sent < 0 ? sent : avcodec_receive_frame(codec, picture);
    String said = FfmpegLog.said();
    if (received < 0 || !said.isEmpty() || picture.decode_error_flags() != 0) {
      avcodec_flush_buffers(codec);
      throw new FrameException(
          "damaged %s: %s".formatted(format, said.isEmpty() ? describe(received) : said));
    }
  }

  /** Scales the picture as {@code fit} says, and copies it turned to its place. */
  private void place(AVFrame stored, ByteBuffer pixels, int at) throws FrameException {
    Orientation orientation = orientation(stored);
    int targetWidth = orientation.isTurned() ? height : width;
    int targetHeight = orientation.isTurned() ? width : height;
    if (fit == Fit.CROP) {
      FrameScaler.cropTo(stored, targetWidth, targetHeight);
    } else if (fit == Fit.LETTERBOX) {
      double scale =
          Math.min(targetWidth / (double) stored.width(), targetHeight / (double) stored.height());
      targetWidth = Math.max(1, Math.min(targetWidth, (int) Math.round(stored.width() * scale)));
      targetHeight = Math.max(1, Math.min(targetHeight, (int) Math.round(stored.height() * scale)));
    }
    ByteBuffer scaled = scaler.scale(stored, targetWidth, targetHeight);
    int shownWidth = orientation.isTurned() ? targetHeight : targetWidth;
    int shownHeight = orientation.isTurned() ? targetWidth : targetHeight;
    if (shownWidth < width || shownHeight < height) {
      blacken(pixels, at);
    }
    int corner = at + 3 * ((height - shownHeight) / 2 * width + (width - shownWidth) / 2);
    orientation.copy(scaled, scaler.stride(), targetWidth, targetHeight, pixels, corner, 3 * width);
  }

  private void blacken(ByteBuffer pixels, int at) {
    for (int i = 0; i < frameBytes(); i++) {
      pixels.put(at + i, (byte) 0);
    }
  }

  private static Orientation orientation(AVFrame stored) {
    AVDictionaryEntry entry = av_dict_get(stored.metadata(), "Orientation", null, 0);
    if (entry == null || entry.isNull()) {
      return Orientation.UPRIGHT;
    }
    String value = entry.value().getString().strip();
    return value.matches("\\d") ? new Orientation(Integer.parseInt(value)) : Orientation.UPRIGHT;
  }

  private AVCodecContext open(ImageFormat format) {
    AVCodecContext codec = avcodec_alloc_context3(avcodec_find_decoder(format.codecId));
    codec.thread_count(1);
    codec.err_recognition(STRICT);
    codec.max_pixels(maxPixels);
    int opened =
        avcodec_open2(codec, avcodec_find_decoder(format.codecId), (PointerPointer<?>) null);
    if (opened < 0) {
      avcodec_free_context(codec);
      throw new IllegalStateException(
          "FFmpeg cannot open its decoder for %s: %s".formatted(format, describe(opened)));
    }
    return codec;
  }

  private static void check(int result, String doing) throws FrameException {
    if (result < 0) {
      throw new FrameException(doing + ": " + describe(result));
    }
  }

  static String describe(int error) {
    try (BytePointer text = new BytePointer(avutil.AV_ERROR_MAX_STRING_SIZE)) {
      av_strerror(error, text, text.capacity());
      return text.getString();
    }
  }

  @Override
  public void close() {
    codecs.values().forEach(avcodec::avcodec_free_context);
    codecs.clear();
    av_packet_free(packet);
    av_frame_free(picture);
    scaler.close();
    OPEN.decrementAndGet();
  }
}
