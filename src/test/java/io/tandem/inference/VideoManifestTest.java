package io.tandem.inference;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.Call;
import io.tandem.Paths;
import io.tandem.RunReader;
import io.tandem.Tandem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Manifests that name a video in several rows. */
@Tag("spark")
final class VideoManifestTest {
  private static final Path CLIP = Paths.VIDEOS.resolve("gop12.mp4");

  @TempDir Path folder;

  @Test
  void frameThatSeveralRowsOfAManifestName_isPredictedOnce_withTheFirstRowsColumns()
      throws IOException {
    byte[] clip = Files.readAllBytes(CLIP);
    Files.write(folder.resolve("truncated.mp4"), Arrays.copyOf(clip, 20_000));
    Files.copy(Paths.PHOTOS.resolve("rocket.jpg"), folder.resolve("rocket.jpg"));
    Files.copy(CLIP, folder.resolve("clip.mp4"));
    Path manifest =
        Files.writeString(
            folder.resolve("clips.csv"),
            """
            path,camera,start,end
            clip.mp4,a,1,1.12
            truncated.mp4,b,,0.05
            rocket.jpg,c,,
            clip.mp4,d,1.04,1.2
            clip.mp4,e,1.0,01.120
            gone.mp4,f,0,1
            truncated.mp4,g,0.04,0.1
            rocket.jpg,h,2,3
            gone.mp4,i,1,2
            clip.mp4,j,0.98,1.05
            clip.mp4,k,x,
            """);
    String[] settings = {"frames.path=null", "frames.manifest=" + manifest, "frames.limit=0"};
    Path out = folder.resolve("out");
    Call call = Tandem.infer().output(out).set(settings).set("output.commit-frames=4").run();
    assertThat(call.exitCode()).as(call.err()).isZero();
    assertThat(call.err())
        .contains("2 rows of the manifest repeat a frame; omitted, and listed in duplicates.csv")
        .contains("2 of 9 files cannot be found or opened, and become rows with an error: ")
        .contains("8 frames of 2 videos listed in ")
        .containsPattern(", batch 4, JPEG by .*, videos by FFmpeg [0-9.]+\n")
        .contains(
            "4 frames of videos are named by several rows of the manifest; each is predicted once, with the columns of the first one");
    assertThat(out.resolve("duplicates.csv")).content().contains("\n5,").contains("\n8,");
    List<Row> rows = new RunReader(out).predictions(NAMED);
    assertThat(rows.toString())
        .isEqualTo(
            "[[clip.mp4,a,1.0,null], [clip.mp4,a,1.04,null], [clip.mp4,a,1.08,null],"
                + " [clip.mp4,a,null,the manifest's start = x is no time in seconds, from 0 on],"
                + " [truncated.mp4,b,0.0,null], [truncated.mp4,b,0.04,null],"
                + " [truncated.mp4,b,null,truncated: its header lists 84 frames, and the file ends"
                + " before the last 39], [rocket.jpg,c,null,null], [clip.mp4,d,1.12,null],"
                + " [clip.mp4,d,1.16,null], [gone.mp4,f,null,there is no such file],"
                + " [truncated.mp4,g,0.08,null]]");

    Files.delete(out.resolve("_SUCCESS"));
    Files.delete(fileOf(out, "truncated.mp4"));
    Files.copy(Paths.VIDEOS.resolve("vfr.mp4"), folder.resolve("vfr.mp4"));
    Files.writeString(
        manifest, "vfr.mp4,l,0,0.2\nclip.mp4,m,1.1,1.24\n", StandardOpenOption.APPEND);
    Call resumed = Tandem.command("infer").with("--resume", out).run();
    assertThat(resumed.exitCode()).as(resumed.err()).isZero();
    assertThat(resumed.err())
        .containsPattern("3 frames new, and will be predicted: \\S+/clip.mp4, \\S+/vfr.mp4\n")
        .doesNotContain("no longer there");
    List<Row> all = new RunReader(out).predictions(NAMED);
    assertThat(all).startsWith(rows.toArray(Row[]::new));
    assertThat(all.subList(rows.size(), all.size()).toString())
        .isEqualTo("[[vfr.mp4,l,0.0,null], [vfr.mp4,l,0.12,null], [clip.mp4,m,1.2,null]]");

    Files.delete(out.resolve("_SUCCESS"));
    Files.writeString(manifest, "path,camera,start,end\nrocket.jpg,c,,\nvfr.mp4,l,0,0.1\n");
    Call again = Tandem.command("infer").with("--resume", out).run();
    assertThat(again.exitCode()).as(again.err()).isZero();
    assertThat(again.err())
        .containsPattern(
            "13 frames no longer there; rows that are committed stay: \\S+/clip.mp4, \\S+/gone.mp4, \\S+/truncated.mp4, \\S+/vfr.mp4\n");
    assertThat(new RunReader(out).predictions(NAMED)).isEqualTo(all);
  }

  private static final String NAMED =
      """
      SELECT substring_index(path, '/', -1), manifest.camera, pts_us / 1e6, error
      FROM rows ORDER BY frame_index""";

  /** Returns the file of rows that has the last row of a video. */
  private static Path fileOf(Path out, String video) {
    return Path.of(
        new RunReader(out)
            .predictions(
                "SELECT input_file_name() FROM rows WHERE path LIKE '%%/%s' ORDER BY frame_index DESC"
                    .formatted(video))
            .get(0)
            .getString(0)
            .replaceFirst("file:/+", "/"));
  }
}
