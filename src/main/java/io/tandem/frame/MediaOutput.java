package io.tandem.frame;

import static org.bytedeco.ffmpeg.global.avformat.avio_alloc_context;
import static org.bytedeco.ffmpeg.global.avformat.avio_context_free;
import static org.bytedeco.ffmpeg.global.avutil.av_free;
import static org.bytedeco.ffmpeg.global.avutil.av_malloc;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hadoop.fs.FSError;
import org.bytedeco.ffmpeg.avformat.AVIOContext;
import org.bytedeco.ffmpeg.avformat.Read_packet_Pointer_BytePointer_int;
import org.bytedeco.ffmpeg.avformat.Seek_Pointer_long_int;
import org.bytedeco.ffmpeg.avformat.Write_packet_Pointer_BytePointer_int;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.jspecify.annotations.Nullable;

/**
 * Writes what FFmpeg muxes to a stream of Java, without seeking. Holds native memory until closed;
 * does not close the stream.
 */
final class MediaOutput implements AutoCloseable {
  static {
    NativeLibraries.load();
  }

  private static final int BUFFER = 1 << 16;

  // JavaCPP has room for ten callbacks of a kind in a process, so that all streams share one.
  private static final Map<Long, MediaOutput> OPEN = new ConcurrentHashMap<>();
  private static final Callback CALLBACK = new Callback();

  private final OutputStream out;
  private final FfmpegNumber number = FfmpegNumber.next();
  private byte[] bytes = new byte[BUFFER];
  private final AVIOContext context;
  private @Nullable IOException failure;

  MediaOutput(OutputStream out) {
    this.out = out;
    this.context =
        avio_alloc_context(
            new BytePointer(av_malloc(BUFFER)),
            BUFFER,
            1,
            number,
            (Read_packet_Pointer_BytePointer_int) null,
            CALLBACK,
            (Seek_Pointer_long_int) null);
    OPEN.put(number.address(), this);
  }

  AVIOContext context() {
    return context;
  }

  /** Throws what the stream has thrown, if it has. */
  void check() throws IOException {
    if (failure != null) {
      throw failure;
    }
  }

  @Override
  public void close() {
    av_free(context.buffer());
    avio_context_free(context);
    OPEN.remove(number.address());
  }

  private int write(BytePointer data, int length) {
    if (failure != null) {
      return avutil.AVERROR_EXIT;
    }
    if (bytes.length < length) {
      bytes = new byte[length];
    }
    data.get(bytes, 0, length);
    try {
      out.write(bytes, 0, length);
      return length;
    } catch (IOException e) {
      failure = e;
      return avutil.AVERROR_EXIT;
    } catch (RuntimeException | FSError e) { // An exception must not pass through FFmpeg.
      failure = new IOException(e.getMessage(), e);
      return avutil.AVERROR_EXIT;
    }
  }

  private static final class Callback extends Write_packet_Pointer_BytePointer_int {
    @Override
    public int call(Pointer number, BytePointer data, int length) {
      return Objects.requireNonNull(OPEN.get(number.address())).write(data, length);
    }
  }
}
