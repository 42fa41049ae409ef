package io.tandem.frame;

import static org.bytedeco.ffmpeg.global.avformat.avio_alloc_context;
import static org.bytedeco.ffmpeg.global.avformat.avio_context_free;
import static org.bytedeco.ffmpeg.global.avutil.av_free;
import static org.bytedeco.ffmpeg.global.avutil.av_malloc;

import java.io.IOException;
import java.io.OutputStream;
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
    NativeMemory.configure();
  }

  private static final int BUFFER = 1 << 16;

  private final OutputStream out;
  private final Callback callback = new Callback();
  private final AVIOContext context;
  private @Nullable IOException failure;

  MediaOutput(OutputStream out) {
    this.out = out;
    this.context =
        avio_alloc_context(
            new BytePointer(av_malloc(BUFFER)),
            BUFFER,
            1,
            null,
            (Read_packet_Pointer_BytePointer_int) null,
            callback,
            (Seek_Pointer_long_int) null);
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
    callback.close();
  }

  private final class Callback extends Write_packet_Pointer_BytePointer_int {
    private byte[] bytes = new byte[BUFFER];

    @Override
    public int call(Pointer opaque, BytePointer data, int length) {
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
  }
}
