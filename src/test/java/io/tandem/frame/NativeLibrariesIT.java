package io.tandem.frame;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.Ended;
import io.tandem.Program;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Threads that are the first to use javacpp and FFmpeg in their process. */
final class NativeLibrariesIT {
  private static final Duration LONGEST = Duration.ofMinutes(1);

  @TempDir Path folder;

  @Test
  void twoThreads_thatBeginWithDifferentClasses_doNotWaitForEachOther() throws Exception {
    Ended ended =
        Program.java(
                folder,
                List.of("-cp", System.getProperty("java.class.path")),
                NativeLibrariesIT.class.getName())
            .start()
            .end(LONGEST);
    assertThat(ended.exitCode()).as(ended.err()).isZero();
    assertThat(ended.out()).startsWith("FFmpeg ");
  }

  /**
   * Uses FFmpeg in one thread while another one initialises javacpp's {@code Pointer}: it is
   * stopped there, by a property that it reads, until the other thread moves no more.
   */
  public static void main(String[] args) throws Exception {
    Thread other = new Thread(() -> System.out.println(FrameDecoder.ffmpegVersion()), "other");
    Properties properties = new Stopping("org.bytedeco.javacpp.maxRetries", other);
    properties.putAll(System.getProperties());
    System.setProperties(properties);
    new PixelBuffer(1).close();
    other.join();
  }

  /** Starts a thread when a property is read, and returns its value when the thread waits. */
  private static final class Stopping extends Properties {
    private static final long serialVersionUID = 1L;
    private static final int LOOKS = 20;

    private final String stop;
    private final transient Thread other;

    Stopping(String stop, Thread other) {
      this.stop = stop;
      this.other = other;
    }

    @Override
    public String getProperty(String key, String otherwise) {
      if (key.equals(stop) && other.getState() == Thread.State.NEW) {
        other.start();
        awaitStanding();
      }
      return super.getProperty(key, otherwise);
    }

    private void awaitStanding() {
      StackTraceElement[] before = {};
      for (int same = 0; same < LOOKS; ) {
        LockSupport.parkNanos(10_000_000);
        StackTraceElement[] now = other.getStackTrace();
        same = Arrays.equals(now, before) ? same + 1 : 0;
        before = now;
      }
    }

    @Override
    public synchronized boolean equals(Object o) {
      return this == o;
    }

    @Override
    public synchronized int hashCode() {
      return System.identityHashCode(this);
    }
  }
}
