package io.tandem.frame;

import io.tandem.conf.AutoInt;
import io.tandem.conf.Fit;
import io.tandem.conf.JpegLibrary;
import io.tandem.conf.Settings;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What decoding one of the bundled frames to the bundled model's size takes, on one thread. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 6, time = 1)
@Fork(value = 2, jvmArgsAppend = "-XX:TieredStopAtLevel=1")
public class DecodingCost {
  private static final int SIDE = 224;

  @Param({"FFMPEG", "TURBOJPEG"})
  private JpegLibrary library = JpegLibrary.FFMPEG;

  @Param({"false", "true"})
  private boolean scaled;

  @Param({"INTERLEAVED", "PLANES"})
  private PixelLayout layout = PixelLayout.INTERLEAVED;

  private final List<byte[]> frames = new ArrayList<>();
  private final ByteBuffer pixels = ByteBuffer.allocateDirect(3 * SIDE * SIDE);
  private FrameDecoder decoder;
  private int next;

  @Setup
  public void open() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("data/frames"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".jpg")).sorted().toList()) {
        frames.add(Files.readAllBytes(file));
      }
    }
    decoder =
        new FrameDecoder(
            SIDE,
            SIDE,
            layout,
            new Settings.Decoding(Fit.CROP, AutoInt.AUTO, 200_000_000, library, scaled));
  }

  /** A frame after the other. */
  @Benchmark
  public ByteBuffer frame() throws FrameException {
    byte[] frame = frames.get(next);
    next = (next + 1) % frames.size();
    decoder.decode(frame, frame.length, pixels, 0);
    return pixels;
  }

  @TearDown
  public void close() {
    decoder.close();
  }
}
