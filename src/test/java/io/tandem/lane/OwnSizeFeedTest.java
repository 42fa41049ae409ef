package io.tandem.lane;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.Paths;
import io.tandem.conf.AutoInt;
import io.tandem.conf.Fit;
import io.tandem.conf.Settings;
import io.tandem.engine.Batch;
import io.tandem.frame.Decoding;
import io.tandem.frame.FrameDecoder;
import io.tandem.frame.HadoopByteSource;
import io.tandem.frame.Picture;
import io.tandem.frame.PictureReader;
import io.tandem.frame.PixelBuffer;
import io.tandem.frame.PixelLayout;
import io.tandem.source.Frame;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real pictures of several sizes, in their own sizes. */
final class OwnSizeFeedTest {
  private static final int BATCH = 3;

  private static final Path SMALL = Path.of("data/small/bigbuckbunny-0001.jpg");
  private static final Path OTHER = Path.of("data/small/bigbuckbunny-0002.jpg");
  private static final Path CAT = Paths.PHOTOS.resolve("chelsea-cat.png");
  private static final Path BAD = Paths.IMAGES.resolve("truncated.png");

  private static final List<Path> PATHS =
      List.of(SMALL, OTHER, SMALL, OTHER, BAD, SMALL, CAT, CAT, SMALL, BAD);

  @ParameterizedTest
  @CsvSource({"0, 0", "16, 0", "16, 2", "1, 1"})
  void batch_endsWhereTheSizeChanges_andHasTheFramesPixels(int readAhead, int decodeThreads)
      throws Exception {
    int buffers = PixelBuffer.open();
    int decoders = FrameDecoder.open();
    List<String> batches = new ArrayList<>();
    try (OwnSizeFeed feed = feed(readAhead, decodeThreads, 64 << 20)) {
      Iterator<DueFrame> frames = frames(PATHS).iterator();
      while (feed.hasNext(frames)) {
        DecodedBatch batch = feed.next(frames);
        batches.add("%d of %d".formatted(batch.decoded(), batch.frames().size()));
        requirePixels(batch);
        feed.release(batch);
      }
    }
    assertThat(batches).containsExactly("3 of 3", "2 of 3", "2 of 2", "1 of 2");
    assertThat(PixelBuffer.open()).isEqualTo(buffers);
    assertThat(FrameDecoder.open()).isEqualTo(decoders);
  }

  private static void requirePixels(DecodedBatch batch) throws Exception {
    Batch input = Objects.requireNonNull(batch.input());
    assertThat(input.frames()).isEqualTo(batch.decoded());
    for (FramePlace place : batch.frames()) {
      if (place.error() != null) {
        assertThat(place.due().frame().path()).endsWith("truncated.png");
        continue;
      }
      Path file = Path.of(place.due().frame().path().replaceFirst("file:", ""));
      Picture picture = PictureReader.read(Files.readAllBytes(file));
      assertThat(input.width()).isEqualTo(picture.width());
      assertThat(input.height()).isEqualTo(picture.height());
      byte[] rgb = new byte[picture.rgb().length];
      input.pixels().get(place.number() * rgb.length, rgb);
      assertThat(rgb).isEqualTo(picture.rgb());
    }
  }

  @Test
  void helpers_holdNoMorePixelsThanTheBound() throws Exception {
    int buffers = PixelBuffer.open();
    List<Path> many = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      many.add(CAT);
    }
    try (OwnSizeFeed feed = feed(16, 2, 1)) {
      Iterator<DueFrame> frames = frames(many).iterator();
      while (feed.hasNext(frames)) {
        DecodedBatch batch = feed.next(frames);
        // The batch, its frames before they were copied, one frame ahead, and what is idle.
        assertThat(PixelBuffer.open() - buffers).isLessThanOrEqualTo(1 + BATCH + 2 + 4);
        feed.release(batch);
      }
    }
  }

  @Test
  void discardedFrames_giveTheirBuffersBack() throws Exception {
    int buffers = PixelBuffer.open();
    try (OwnSizeFeed feed = feed(16, 2, 64 << 20)) {
      Iterator<DueFrame> frames = frames(PATHS).iterator();
      feed.release(feed.next(frames));
      feed.discardAhead();
      feed.release(feed.next(frames(PATHS).iterator()));
    }
    assertThat(PixelBuffer.open()).isEqualTo(buffers);
  }

  @Test
  void batch_endsBeforeItIsTooLarge() throws Exception {
    List<Path> alike = List.of(SMALL, SMALL, SMALL, CAT);
    long two = 2 * 3 * 160 * 90;
    List<Integer> batches = new ArrayList<>();
    try (OwnSizeFeed feed = feed(16, 0, 64 << 20, two)) {
      Iterator<DueFrame> frames = frames(alike).iterator();
      while (feed.hasNext(frames)) {
        DecodedBatch batch = feed.next(frames);
        requirePixels(batch);
        batches.add(batch.decoded());
        feed.release(batch);
      }
    }
    assertThat(batches).containsExactly(2, 1, 1);
  }

  private static OwnSizeFeed feed(int readAhead, int decodeThreads, long bytes) {
    return feed(readAhead, decodeThreads, bytes, LaneMemory.MOST_PIXELS);
  }

  private static OwnSizeFeed feed(
      int readAhead, int decodeThreads, long bytes, long mostBatchBytes) {
    return new OwnSizeFeed(
        new HadoopByteSource(new Configuration(), AutoInt.AUTO),
        () -> Decoding.FFMPEG.decoder(0, 0, PixelLayout.INTERLEAVED, Fit.NONE, 200_000_000),
        new Settings.Lane(readAhead, bytes, AutoInt.of(decodeThreads), 60),
        BATCH,
        decodeThreads,
        mostBatchBytes);
  }

  private static List<DueFrame> frames(List<Path> paths) throws IOException {
    List<DueFrame> frames = new ArrayList<>();
    for (int i = 0; i < paths.size(); i++) {
      Path path = paths.get(i).toAbsolutePath();
      frames.add(new DueFrame(Frame.image("file:" + path, Files.size(path), null, i), 0));
    }
    return frames;
  }
}
