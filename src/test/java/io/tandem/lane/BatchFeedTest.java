package io.tandem.lane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tandem.Paths;
import io.tandem.TestFileSystem;
import io.tandem.conf.AutoInt;
import io.tandem.conf.Fit;
import io.tandem.conf.Settings;
import io.tandem.frame.Decoding;
import io.tandem.frame.FrameDecoder;
import io.tandem.frame.HadoopByteSource;
import io.tandem.frame.PixelBuffer;
import io.tandem.frame.PixelLayout;
import io.tandem.source.Frame;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real frames through real helpers, on a file system that fails on request. */
final class BatchFeedTest {
  private static final int BATCH = 4;
  private static final int SIDE = 64;

  @TempDir Path folder;

  @BeforeEach
  @AfterEach
  void reset() {
    TestFileSystem.reset();
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "16, 0", "3, 0", "16, 1", "16, 2", "3, 2", "1, 3"})
  void batches_areTheSameHoweverTheyAreMade(int readAhead, int decodeThreads) throws IOException {
    List<DueFrame> frames = frames(21);
    List<byte[]> serial = pixels(frames, lane(0, 0, 60));
    List<byte[]> helped = pixels(frames, lane(readAhead, decodeThreads, 60));
    assertThat(helped).hasSize(21);
    for (int i = 0; i < 21; i++) {
      assertThat(helped.get(i)).as("frame %d", i).isEqualTo(serial.get(i));
    }
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "16, 0", "16, 2", "2, 1"})
  void everySeventhFrameThatFails_isAnErrorInItsPlace(int readAhead, int decodeThreads)
      throws IOException {
    List<DueFrame> frames = frames(35);
    for (int i = 0; i < 35; i += 7) {
      TestFileSystem.OPENINGS.put(
          "f%03d.jpg".formatted(i),
          () -> {
            throw new IOException("the disk says no");
          });
    }
    List<FramePlace> done = all(frames, lane(readAhead, decodeThreads, 60));
    assertThat(done).extracting(FramePlace::due).isEqualTo(frames);
    for (int i = 0; i < 35; i++) {
      assertThat(done.get(i).error())
          .isEqualTo(i % 7 == 0 ? "cannot be read: the disk says no" : null);
    }
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "16, 0", "16, 2", "1, 0"})
  void frameThatNeverComes_isCancelled_andTheOthersAreUnharmed(int readAhead, int decodeThreads)
      throws IOException {
    CountDownLatch never = new CountDownLatch(1);
    TestFileSystem.OPENINGS.put("f003.jpg", () -> waitWhateverHappens(never));
    try {
      List<FramePlace> done = all(frames(12), lane(readAhead, decodeThreads, 0.3));
      for (FramePlace place : done) {
        boolean hangs = place.due().frame().path().endsWith("f003.jpg");
        assertThat(place.error())
            .isEqualTo(hangs ? "not read within 0.3 s (lane.frame-timeout)" : null);
      }
      assertThat(done).hasSize(12);
    } finally {
      never.countDown();
    }
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "16, 0", "16, 2"})
  void helperThatBreaks_failsTheLaneWithItsCause(int readAhead, int decodeThreads)
      throws IOException {
    TestFileSystem.OPENINGS.put(
        "f005.jpg",
        () -> {
          throw new AssertionError("a bug");
        });
    List<DueFrame> frames = frames(12);
    assertThatThrownBy(() -> all(frames, lane(readAhead, decodeThreads, 60)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("f005.jpg")
        .hasRootCauseInstanceOf(AssertionError.class);
  }

  @Test
  void exceptionOfOneFile_isThatFramesError() throws IOException {
    TestFileSystem.OPENINGS.put(
        "f005.jpg",
        () -> {
          throw new IllegalArgumentException("no\tsuch\n  host");
        });
    List<FramePlace> done = all(frames(12), lane(16, 2, 60));
    assertThat(done).filteredOn(place -> place.error() != null).hasSize(1);
    assertThat(done.get(5).error()).startsWith("cannot be read: ").contains("no\tsuch");
  }

  @Test
  void readAhead_opensSeveralFilesAtOnce_andNoMoreThanItsBound() throws IOException {
    List<DueFrame> frames = frames(40);
    try (BatchFeed feed = feed(lane(6, 0, 60), 20)) {
      Iterator<DueFrame> list = frames.iterator();
      int taken = 0;
      while (feed.hasNext(list)) {
        DecodedBatch batch = feed.next(list);
        taken += batch.frames().size();
        assertThat(TestFileSystem.OPENED.get()).isLessThanOrEqualTo(taken + 6);
        feed.release(batch);
      }
    }
    assertThat(TestFileSystem.mostAtOnce()).isBetween(2, 6);
  }

  @Test
  void readAhead_isBoundedInBytes() throws IOException {
    List<DueFrame> frames = frames(20);
    Settings.Lane oneFrame = new Settings.Lane(16, 1, AutoInt.of(0), 60);
    try (BatchFeed feed = feed(oneFrame, 0)) {
      Iterator<DueFrame> list = frames.iterator();
      int taken = 0;
      while (feed.hasNext(list)) {
        DecodedBatch batch = feed.next(list);
        taken += batch.frames().size();
        assertThat(TestFileSystem.OPENED.get()).isLessThanOrEqualTo(taken + 1);
        feed.release(batch);
      }
      assertThat(taken).isEqualTo(20);
    }
  }

  @Test
  void slowConsumer_stopsTheHelpers() throws Exception {
    List<DueFrame> frames = frames(200);
    try (BatchFeed feed = feed(lane(8, 2, 60), 0)) {
      Iterator<DueFrame> list = frames.iterator();
      DecodedBatch first = feed.next(list);
      Thread.sleep(500);
      assertThat(TestFileSystem.OPENED.get()).isLessThanOrEqualTo(BATCH + 8);
      feed.release(first);
    }
  }

  @Test
  void discardedFrames_areForgotten() throws IOException {
    List<DueFrame> frames = frames(24);
    try (BatchFeed feed = feed(lane(16, 2, 60), 0)) {
      feed.release(feed.next(frames.iterator()));
      feed.discardAhead();
      DecodedBatch again = feed.next(frames.iterator());
      assertThat(again.frames()).extracting(FramePlace::due).isEqualTo(frames.subList(0, BATCH));
      feed.release(again);
    }
  }

  @Test
  void close_leavesNothingBehind_twoHundredTimes() throws IOException {
    List<DueFrame> frames = frames(40);
    openAndClose(frames, 20);
    long files = openFiles();
    long threads = helpers();
    for (int time = 0; time < 10; time++) {
      openAndClose(frames, 20);
    }
    assertThat(helpers()).isEqualTo(threads).isZero();
    assertThat(openFiles()).isLessThanOrEqualTo(files);
    assertThat(PixelBuffer.open()).isZero();
    assertThat(FrameDecoder.open()).isZero();
  }

  private void openAndClose(List<DueFrame> frames, int times) {
    IntStream.range(0, times)
        .forEach(
            time -> {
              try (BatchFeed feed = feed(lane(16, time % 3, 60), 0)) {
                Iterator<DueFrame> list = frames.iterator();
                for (int batch = 0; batch < time % 4; batch++) {
                  feed.release(feed.next(list));
                }
              }
            });
  }

  private static void waitWhateverHappens(CountDownLatch latch) {
    boolean interrupted = true;
    while (interrupted) {
      try {
        latch.await();
        interrupted = false;
      } catch (InterruptedException e) {
        interrupted = true; // As a file system that does not answer: not even to this.
      }
    }
  }

  private static long helpers() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().matches("tandem-(read|decode)-.*"))
        .count();
  }

  @Test
  void framesThatAllFail_endABatch_evenIfTheyNeverEnd() {
    Frame missing = Frame.missing(TestFileSystem.url(folder.resolve("missing.jpg")), 0);
    Iterator<DueFrame> endless = Stream.generate(() -> new DueFrame(missing, 0)).iterator();
    for (int decodeThreads : new int[] {0, 1}) {
      try (BatchFeed feed = feed(lane(4, decodeThreads, 10), 0)) {
        DecodedBatch batch = feed.next(endless);
        assertThat(batch.frames()).hasSize(BATCH).allMatch(frame -> frame.error() != null);
        feed.release(batch);
      }
    }
  }

  private static long openFiles() throws IOException {
    try (var files = Files.list(Path.of("/proc/self/fd"))) {
      return files.count();
    }
  }

  private List<byte[]> pixels(List<DueFrame> frames, Settings.Lane lane) {
    List<byte[]> pixels = new ArrayList<>();
    try (BatchFeed feed = feed(lane, 0)) {
      Iterator<DueFrame> list = frames.iterator();
      while (feed.hasNext(list)) {
        DecodedBatch batch = feed.next(list);
        for (FramePlace place : batch.frames()) {
          assertThat(place.error()).isNull();
          byte[] copy = new byte[3 * SIDE * SIDE];
          batch.pixels().get(place.number() * copy.length, copy);
          pixels.add(copy);
        }
        feed.release(batch);
      }
    }
    return pixels;
  }

  private List<FramePlace> all(List<DueFrame> frames, Settings.Lane lane) {
    List<FramePlace> done = new ArrayList<>();
    try (BatchFeed feed = feed(lane, 0)) {
      Iterator<DueFrame> list = frames.iterator();
      while (feed.hasNext(list)) {
        DecodedBatch batch = feed.next(list);
        assertThat(batch.frames()).isNotEmpty();
        done.addAll(batch.frames());
        feed.release(batch);
      }
    }
    return done;
  }

  private static BatchFeed feed(Settings.Lane lane, long openMillis) {
    int decodeThreads = lane.decodeThreads().orElse(0);
    return new BatchFeed(
        new HadoopByteSource(TestFileSystem.configuration(openMillis), AutoInt.AUTO),
        () -> Decoding.FFMPEG.decoder(SIDE, SIDE, PixelLayout.INTERLEAVED, Fit.CROP, 200_000_000),
        lane,
        BATCH,
        decodeThreads);
  }

  private static Settings.Lane lane(int readAhead, int decodeThreads, double timeoutSeconds) {
    return new Settings.Lane(readAhead, 64 << 20, AutoInt.of(decodeThreads), timeoutSeconds);
  }

  /** Frames f000.jpg, f001.jpg, ...: copies of the bundled ones. */
  private List<DueFrame> frames(int count) throws IOException {
    List<DueFrame> frames = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Path real = Paths.FRAMES.resolve("bigbuckbunny-%04d.jpg".formatted(1 + i % 100));
      Path link = folder.resolve("f%03d.jpg".formatted(i));
      Files.createSymbolicLink(link, real.toAbsolutePath());
      frames.add(new DueFrame(Frame.image(TestFileSystem.url(link), Files.size(real), null, i), 0));
    }
    return frames;
  }
}
