package io.tandem.frame;

import static org.bytedeco.ffmpeg.global.avformat.avio_alloc_context;
import static org.bytedeco.ffmpeg.global.avformat.avio_context_free;

import java.io.IOException;
import org.bytedeco.ffmpeg.avformat.AVIOContext;
import org.bytedeco.ffmpeg.avformat.Read_packet_Pointer_BytePointer_int;
import org.bytedeco.ffmpeg.avformat.Seek_Pointer_long_int;
import org.bytedeco.ffmpeg.avformat.Write_packet_Pointer_BytePointer_int;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.jspecify.annotations.Nullable;

/**
 * Lets FFmpeg read a file through {@link FileBytes}. Holds native memory until closed; not
 * thread-safe.
 */
final class FfmpegIo implements AutoCloseable {
  private static final int BUFFER_BYTES = 64 << 10;
  private static final int SEEK_SIZE = 0x10000; // AVSEEK_SIZE

  private final FileBytes file;
  private final Reading reading = new Reading();
  private final Seeking seeking = new Seeking();
  private final AVIOContext context;
  private long offsetInFile;
  private long readBytes;
  private boolean blank;
  private @Nullable IOException failure;

  FfmpegIo(FileBytes file) {
    this.file = file;
    this.context =
        avio_alloc_context(
            new BytePointer(avutil.av_malloc(BUFFER_BYTES)),
            BUFFER_BYTES,
            0,
            null,
            reading,
            (Write_packet_Pointer_BytePointer_int) null,
            seeking);
  }

  /** Returns FFmpeg's handle. */
  AVIOContext context() {
    return context;
  }

  /** Returns why the file could not be read; null if it could. */
  @Nullable IOException failure() {
    return failure;
  }

  /** Gives FFmpeg arbitrary bytes from now on. */
  void skipBytes() {
    blank = true;
  }

  /** Returns how many bytes of the file FFmpeg has got so far. */
  long readBytes() {
    return readBytes;
  }

  @Override
  public void close() {
    avutil.av_free(context.buffer());
    avio_context_free(context);
    reading.close();
    seeking.close();
  }

  private final class Reading extends Read_packet_Pointer_BytePointer_int {
    @Override
    public int call(Pointer unused, BytePointer to, int most) {
      if (failure != null || Thread.currentThread().isInterrupted()) {
        return avutil.AVERROR_EXIT;
      }
      if (offsetInFile >= file.length()) {
        return avutil.AVERROR_EOF;
      }
      try {
        int bytes;
        if (blank) {
          bytes = (int) Math.min(most, file.length() - offsetInFile);
        } else {
          FileBytes.Part part = file.read(offsetInFile);
          bytes = Math.min(most, part.length());
          to.put(part.array(), part.from(), bytes);
          readBytes += bytes;
        }
        offsetInFile += bytes;
        return bytes;
      } catch (IOException e) {
        failure = e;
        return avutil.AVERROR_EXIT;
      } catch (RuntimeException e) { // An exception must not pass through FFmpeg.
        failure = new IOException(e);
        return avutil.AVERROR_EXIT;
      }
    }
  }

  private final class Seeking extends Seek_Pointer_long_int {
    @Override
    public long call(Pointer unused, long offset, int whence) {
      int how = whence & 0xffff;
      if ((whence & SEEK_SIZE) != 0) {
        return file.length();
      }
      long to =
          switch (how) {
            case 0 -> offset;
            case 1 -> offsetInFile + offset;
            case 2 -> file.length() + offset;
            default -> -1;
          };
      if (to < 0) {
        return -1;
      }
      offsetInFile = to;
      return to;
    }
  }
}
