package io.tandem.inference;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.Call;
import io.tandem.Paths;
import io.tandem.RunReader;
import io.tandem.Tandem;
import io.tandem.frame.Clip;
import io.tandem.frame.Picture;
import io.tandem.frame.PictureReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Videos made of videos on real Spark, by a network that enlarges frames. */
@Tag("spark")
final class VideoOutTest {
  private static final Path CLIP = Paths.SOUND_VIDEOS.resolve("bframes-aac.mp4");

  /** Frames from one keyframe of the clip to the next. */
  private static final int GROUP = 12;

  @TempDir Path folder;

  @Test
  void video_hasTheTimesAndSoundOfItsSource_andThePicturesOfTheModel() throws Exception {
    Path out = folder.resolve("out");
    Path frames = Files.createDirectory(folder.resolve("frames"));
    Files.copy(CLIP, frames.resolve("clip.mp4"));
    Files.copy(Paths.GOLDEN.resolve("superresolution/frame-0001.png"), frames.resolve("image.png"));
    Call call = infer(frames, out).with("--video-out").run();
    assertThat(call.exitCode()).as(call.err()).isZero();
    assertThat(call.out()).contains("Written to " + out + ": predictions/, images/, videos/");
    List<Row> rows =
        new RunReader(out)
            .predictions(
                "SELECT image_path, image_width, image_height, partition FROM rows WHERE pts_us IS NOT NULL ORDER BY pts_us");
    String video = rows.get(0).getString(0);
    assertThat(video).matches("videos/clip-[0-9a-f]{12}\\.mp4");
    assertThat(rows)
        .hasSize(60)
        .allMatch(row -> row.getString(0).equals(video) && row.getInt(1) == 128);
    assertThat(rows.stream().map(row -> row.getInt(3)).distinct().count())
        .as("segments")
        .isGreaterThanOrEqualTo(5);
    assertThat(names(out.resolve("videos"))).containsExactly(video.substring(7));
    assertThat(names(out.resolve("images"))).hasSize(1).allMatch(name -> name.endsWith(".png"));

    Clip source = Clip.read(CLIP);
    Clip made = Clip.read(out.resolve(video));
    assertThat(made.times()).isEqualTo(source.times());
    assertThat(made.sounds()).isEqualTo(source.sounds());
    Path images = folder.resolve("images");
    assertThat(infer(CLIP, images).run().exitCode()).isZero();
    List<Row> single =
        new RunReader(images).predictions("SELECT image_path FROM rows ORDER BY pts_us");
    for (int i = 0; i < 60; i++) {
      Picture picture =
          PictureReader.read(Files.readAllBytes(images.resolve(single.get(i).getString(0))));
      assertThat(made.frames().get(i).picture().psnr(picture)).as("frame %d", i).isGreaterThan(28);
    }
  }

  @Test
  void framesWithoutAPicture_showAnother_andAreCounted() throws Exception {
    Path damaged = folder.resolve("damaged.mp4");
    byte[] bytes = Files.readAllBytes(CLIP);
    int at = indexOfKeyframe(bytes, 2);
    Arrays.fill(bytes, at + 4, at + 400, (byte) 0);
    Files.write(damaged, bytes);
    Path out = folder.resolve("out");
    Call call = infer(damaged, out).with("--video-out").run();
    assertThat(call.exitCode()).as(call.err()).isZero();
    List<Row> rows =
        new RunReader(out)
            .predictions("SELECT image_path, error IS NOT NULL FROM rows ORDER BY pts_us");
    long failed = rows.stream().filter(row -> row.getBoolean(1)).count();
    assertThat(rows.subList(2 * GROUP, 3 * GROUP))
        .as("a whole group")
        .allMatch(row -> row.getBoolean(1));
    assertThat(call.err())
        .contains(
            "%d frames without a picture in videos/: each shows the picture before it"
                .formatted(failed));
    Clip made = Clip.read(out.resolve(rows.get(0).getString(0)));
    Clip source = Clip.read(CLIP);
    assertThat(made.times()).isEqualTo(source.times());
    Picture before = made.frames().get(2 * GROUP - 1).picture();
    assertThat(
            source
                .frames()
                .get(3 * GROUP - 1)
                .picture()
                .psnr(source.frames().get(2 * GROUP - 1).picture()))
        .as("without damage")
        .isLessThan(30);
    for (int i = 2 * GROUP; i < 3 * GROUP; i++) {
      assertThat(made.frames().get(i).picture().psnr(before)).as("frame %d", i).isGreaterThan(34);
    }
  }

  @Test
  void videoOfWhichNoFrameHasAPicture_isNamed_andTheOthersAreWritten() throws Exception {
    Path videos = Files.createDirectory(folder.resolve("videos"));
    Files.copy(CLIP, videos.resolve("good.mp4"));
    Files.copy(Paths.VIDEO, videos.resolve("too-large.mp4"));
    Path out = folder.resolve("out");
    Call call = infer(videos, out).set("frames.max-pixels=200000").with("--video-out").run();
    assertThat(call.exitCode()).as(call.err()).isEqualTo(1);
    assertThat(call.err())
        .contains("too-large.mp4: no video is written of it: none of its frames has a picture");
    assertThat(names(out.resolve("videos")))
        .hasSize(2)
        .contains("_segments")
        .anyMatch(name -> name.startsWith("good-"));
  }

  @Test
  void soundThatTheContainerDoesNotTake_isNamed() throws Exception {
    Path out = folder.resolve("out");
    Call call =
        infer(Paths.SOUND_VIDEOS.resolve("variable-pcm.mkv"), out)
            .with("--video-out")
            .set("output.video.codec=mpeg4", "output.video.quality=50", "frames.limit=10")
            .run();
    assertThat(call.exitCode()).as(call.err()).isZero();
    assertThat(call.err()).contains(".mp4 has not its pcm_u8 sound, which mp4 does not take");
    Clip made = Clip.read(out.resolve("videos").resolve(names(out.resolve("videos")).get(0)));
    assertThat(made.times())
        .isEqualTo(
            Clip.read(Paths.SOUND_VIDEOS.resolve("variable-pcm.mkv")).times().subList(0, 10));
  }

  @Test
  void wrongCalls_areRefusedInASentence_andNothingIsWritten() throws Exception {
    refused(
        Tandem.infer().frames(CLIP).with("--video-out"),
        "videos can be written of a model with task=image only, and ",
        "has task=classification (option --video-out)");
    refused(
        Tandem.infer().model(Paths.DOUBLING).frames(Paths.SMALL).with("--video-out"),
        "no video can be written, for there is none among the 100 frames (option --video-out)");
    refused(
        infer(CLIP).with("--video-out").set("output.video.container=webm"),
        "output.video.container = webm does not take output.video.codec = h264; use vp9, mp4 or mkv");
    refused(
        infer(CLIP).with("--video-out").set("output.video.quality=101"),
        "output.video.quality must be at most 100: 101");
    refused(infer(CLIP).with("--video-out", "--render", "3"), "omit --render");
    refused(
        Tandem.command("infer").with("--resume", "out/x", "--video-out"),
        "--resume uses the settings of out/x; it takes no others");
  }

  private void refused(Tandem infer, String... sentences) {
    Path out = folder.resolve("refused");
    boolean resumes = List.of(infer.args()).contains("--resume");
    Call call = (resumes ? infer : infer.output(out)).run();
    assertThat(call.exitCode()).as(call.err()).isEqualTo(2);
    assertThat(call.err()).contains(sentences).doesNotContain("\tat ");
    assertThat(out).doesNotExist();
  }

  private static Tandem infer(Path frames, Path out) {
    return infer(frames).output(out);
  }

  private static Tandem infer(Path frames) {
    return Tandem.infer()
        .model(Paths.DOUBLING)
        .frames(frames)
        .set("frames.video.segment=0 s", "infer.frames-per-task=" + GROUP);
  }

  private static List<String> names(Path in) throws IOException {
    try (Stream<Path> files = Files.list(in)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  /** Returns where a keyframe of an MPEG-4 stream begins: at the header of its group or picture. */
  private static int indexOfKeyframe(byte[] bytes, int number) {
    int found = 0;
    for (int i = 0; i + 4 < bytes.length; i++) {
      boolean isPicture =
          bytes[i] == 0 && bytes[i + 1] == 0 && bytes[i + 2] == 1 && (bytes[i + 3] & 0xff) == 0xb6;
      if (isPicture && (bytes[i + 4] & 0xc0) == 0 && found++ == number) {
        return i;
      }
    }
    throw new IllegalArgumentException("no keyframe " + number);
  }
}
