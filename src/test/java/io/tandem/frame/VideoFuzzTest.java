package io.tandem.frame;

import io.tandem.Mutations;
import io.tandem.Paths;
import io.tandem.conf.AutoInt;
import io.tandem.conf.Fit;
import io.tandem.conf.VideoSettings;
import io.tandem.source.Frame;
import io.tandem.source.VideoFrames;
import io.tandem.spark.HadoopConf;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.apache.hadoop.conf.Configuration;

/** Videos of many containers and codecs, changed at random: each frame is decoded, or refused. */
final class VideoFuzzTest {
  private static final int LARGEST_SEED = 16_000;
  private static final int SIDE = 64;
  private static final int MOST_FRAMES = 200;
  private static final ByteBuffer PIXELS = ByteBuffer.allocateDirect(3 * SIDE * SIDE);

  private static final Configuration HADOOP = new Configuration();
  private static final ByteSource SOURCE = new HadoopByteSource(HADOOP, AutoInt.AUTO, 10);
  private static List<byte[]> seeds = List.of();
  private static Path folder = Path.of("");

  @BeforeContainer
  static void open() throws IOException {
    List<byte[]> files = new ArrayList<>();
    try (var clips = Files.newDirectoryStream(Paths.VIDEOS, "*.{mp4,mkv,ts,webm,avi,mpg,mov}")) {
      for (Path clip : clips) {
        if (Files.size(clip) <= LARGEST_SEED) {
          files.add(Files.readAllBytes(clip));
        }
      }
    }
    seeds = files;
    folder = Files.createTempDirectory("tandem-fuzz");
  }

  @AfterContainer
  static void close() throws IOException {
    Files.delete(folder);
  }

  @Provide
  Arbitrary<byte[]> videos() {
    return Mutations.of(seeds);
  }

  @Property
  void video(@ForAll("videos") byte[] file) throws IOException {
    Path clip = Files.write(folder.resolve("clip.mp4"), file);
    try (FrameDecoder decoder =
        Decoding.FFMPEG.decoder(SIDE, SIDE, PixelLayout.INTERLEAVED, Fit.CROP, 4_000_000)) {
      List<Frame> frames =
          VideoFrames.of(
              Frame.image(clip.toUri().toString(), file.length, null, 0),
              new VideoIndexer(10),
              VideoSettings.ALL,
              HadoopConf.here(HADOOP));
      for (Frame frame : frames.subList(0, Math.min(MOST_FRAMES, frames.size()))) {
        if (frame.run() != null) {
          decode(decoder, frame);
        }
      }
    } finally {
      Files.delete(clip);
    }
  }

  private static void decode(FrameDecoder decoder, Frame frame) {
    try {
      decoder.decode(frame, SOURCE, PIXELS, 0);
    } catch (FrameException e) {
      if (e.getMessage() == null || e.getMessage().isBlank()) {
        throw new AssertionError("no sentence for " + frame, e);
      }
    }
  }
}
