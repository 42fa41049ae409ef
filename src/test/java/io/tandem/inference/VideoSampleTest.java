package io.tandem.inference;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.Paths;
import io.tandem.SilentProgress;
import io.tandem.Tandem;
import io.tandem.conf.Settings;
import io.tandem.frame.VideoIndexer;
import io.tandem.source.Frame;
import io.tandem.source.FrameSource;
import io.tandem.spark.Session;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The first frames of a source, for searches and estimates, which need the number of all. */
@Tag("spark")
final class VideoSampleTest {
  @TempDir Path folder;

  @Test
  void framesOfAVideoAfterTheFirstFiles_areCounted() throws IOException {
    Files.copy(Paths.PHOTOS.resolve("rocket.jpg"), folder.resolve("a.jpg"));
    Files.copy(Paths.PHOTOS.resolve("rocket.jpg"), folder.resolve("b.jpg"));
    Files.copy(Paths.VIDEOS.resolve("gop12.mp4"), folder.resolve("c.mp4"));
    Path manifest =
        Files.writeString(folder.resolve("m.csv"), "path,end\na.jpg,\nb.jpg,\nc.mp4,1\n");
    try (Session session = Session.open("samples", null, 2, 1)) {
      FrameSource.Sample files = sample(session, "frames.path=" + folder);
      assertThat(files.of()).isEqualTo(2 + 84);
      assertThat(files.frames().frames()).extracting(Frame::index).containsExactly(0, 1);
      FrameSource.Sample rows = sample(session, "frames.path=null", "frames.manifest=" + manifest);
      assertThat(rows.of()).isEqualTo(2 + 25);
      FrameSource.Sample limited =
          sample(session, "frames.path=null", "frames.manifest=" + manifest, "frames.limit=2");
      assertThat(limited.of()).isEqualTo(2);
    }
  }

  private static FrameSource.Sample sample(Session session, String... pairs) {
    Settings settings = Tandem.settings(pairs);
    return FrameSource.open(settings.frames(), session.hadoop(), VideoIndexer.of(settings))
        .sample(session, 2, new SilentProgress());
  }
}
