package io.tandem.frame;

import static org.bytedeco.ffmpeg.global.avformat.avio_alloc_context;
import static org.bytedeco.ffmpeg.global.avformat.avio_context_free;

import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
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

  // JavaCPP has room for ten callbacks of a kind in a process, so that all files share two; FFmpeg
  // passes them the number of the file.
  private static final Map<Long, FfmpegIo> OPEN = new ConcurrentHashMap<>();
  private static final Reading READING = new Reading();
  private static final Seeking SEEKING = new Seeking();

  private final FileBytes file;
  private final FfmpegNumber number = FfmpegNumber.next();
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
            number,
            READING,
            (Write_packet_Pointer_BytePointer_int) null,
            SEEKING);
    OPEN.put(number.address(), this);
  }

  /** Returns the number of open files in this JVM. */
  static int open() {
    return OPEN.size();
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
    OPEN.remove(number.address());
  }

  private static FfmpegIo of(Pointer number) {
    return Objects.requireNonNull(OPEN.get(number.address()));
  }

  private int read(BytePointer to, int most) {
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

  private long seek(long offset, int whence) {
    if ((whence & SEEK_SIZE) != 0) {
      return file.length();
    }
    long to =
        switch (whence & 0xffff) {
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

  private static final class Reading extends Read_packet_Pointer_BytePointer_int {
    @Override
    public int call(Pointer number, BytePointer to, int most) {
      return of(number).read(to, most);
    }
  }

  private static final class Seeking extends Seek_Pointer_long_int {
    @Override
    public long call(Pointer number, long offset, int whence) {
      return of(number).seek(offset, whence);
    }
  }
}
