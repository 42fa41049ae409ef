package io.tandem.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tandem.conf.ImageEncoding;
import io.tandem.conf.ImagePlace;
import io.tandem.frame.Picture;
import io.tandem.lane.DueFrame;
import io.tandem.lane.PictureSink;
import io.tandem.postprocess.InvalidResultException;
import io.tandem.postprocess.PictureStore;
import io.tandem.postprocess.StoredPicture;
import io.tandem.source.Frame;
import io.tandem.source.FrameRef;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RunPicturesTest {
  private static final Picture PICTURE = new Picture(2, 2, new byte[12]);

  @TempDir Path run;

  @Test
  void name_followsFromTheFrame_andIsAnothersForTheSameNameElsewhere() {
    PictureFolder pictures = pictures("images");
    String path = pictures.path(image("file:/in/a b.jpg", 0));
    assertThat(path).matches("images/a_b-[0-9a-f]{12}\\.png");
    assertThat(pictures.path(image("file:/in/a b.jpg", 7))).isEqualTo(path);
    assertThat(pictures.path(image("file:/other/a b.jpg", 0))).isNotEqualTo(path);
    assertThat(pictures.path(image("s3a://b/" + "x".repeat(300) + ".jpg", 0))).hasSizeLessThan(120);
    assertThat(pictures.path(image("file:/in/.hidden", 0))).matches("images/\\.hidden-.*");
  }

  @Test
  void namesOfAVideosFrames_areInTheirOrder() {
    PictureFolder pictures = pictures("images");
    List<String> names =
        IntStream.of(0, 9, 10, 100)
            .mapToObj(i -> pictures.path(frame("file:/in/clip.mp4", 40_000L * i, (long) i)))
            .toList();
    assertThat(names).isSorted().doesNotHaveDuplicates();
    assertThat(names.get(0)).matches("images/clip-[0-9a-f]{12}-000000\\.png");
    assertThat(pictures.path(frame("file:/in/clip.mp4", 40_000, null)))
        .matches("images/clip-[0-9a-f]{12}-40000us\\.png");
  }

  private static Frame frame(String uri, long micros, @Nullable Long number) {
    return new Frame(new FrameRef(uri, micros, number), 1, null, 0, null, null);
  }

  @Test
  void picture_isWrittenAtOnce_andASecondTimeTheSame() throws IOException {
    try (PictureSink.Opened opened = all().open(new Configuration())) {
      PictureStore store = store(opened, image("file:/in/a.jpg", 0));
      StoredPicture stored = store.put(PICTURE);
      Path file = run.resolve(Objects.requireNonNull(stored.path()));
      byte[] first = Files.readAllBytes(file);
      assertThat(stored.length()).isEqualTo((long) first.length);
      assertThat(PictureFolder.sha256(first)).isEqualTo(stored.sha256());
      assertThat(store.put(PICTURE)).usingRecursiveComparison().isEqualTo(stored);
      assertThat(file).hasBinaryContent(first);
    }
  }

  @Test
  void pictureThatCannotBeWritten_isAnErrorOfItsFrame() throws IOException {
    Files.writeString(run.resolve("images"), "a file where a folder has to be");
    try (PictureSink.Opened opened = all().open(new Configuration())) {
      PictureStore store = store(opened, image("file:/in/a.jpg", 0));
      assertThatThrownBy(() -> store.put(PICTURE))
          .isInstanceOf(InvalidResultException.class)
          .hasMessageStartingWith("its picture cannot be written to images/a-")
          .message()
          .hasLineCount(1);
    }
  }

  @Test
  void trial_writesItsSample_afterItsWork() {
    RunPictures sink =
        new RunPictures(pictures("images/trial"), ImagePlace.FILES, new FrameSample(100, 2));
    try (PictureSink.Opened opened = sink.open(new Configuration())) {
      for (int i = 0; i < 100; i++) {
        store(opened, image("file:/in/%d.jpg".formatted(i), i)).put(PICTURE);
      }
      assertThat(run.resolve("images")).doesNotExist();
    }
    assertThat(run.resolve("images/trial").toFile().list()).hasSize(2);
  }

  @Test
  void sample_isSpread_andAllIfFew() {
    FrameSample sample = new FrameSample(1000, 32);
    int[] taken = IntStream.range(0, 1000).filter(sample::contains).toArray();
    assertThat(taken).hasSize(32).startsWith(0, 32, 63).endsWith(969);
    assertThat(IntStream.range(0, 20).filter(new FrameSample(20, 32)::contains)).hasSize(20);
    assertThat(IntStream.range(0, 20).filter(new FrameSample(20, 0)::contains)).isEmpty();
  }

  private RunPictures all() {
    return new RunPictures(pictures("images"), ImagePlace.FILES, null);
  }

  private PictureFolder pictures(String name) {
    return new PictureFolder(run.toString(), name, ImageEncoding.PNG);
  }

  private static PictureStore store(PictureSink.Opened opened, Frame frame) {
    return Objects.requireNonNull(opened.of(new DueFrame(frame, 0)));
  }

  private static Frame image(String path, int index) {
    return Frame.image(path, 1, null, index);
  }
}
