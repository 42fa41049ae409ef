package io.tandem.inference;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.Call;
import io.tandem.Paths;
import io.tandem.Tandem;
import io.tandem.frame.Picture;
import io.tandem.frame.PictureReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Results drawn onto their frames. */
@Tag("spark")
final class RenderingTest {
  @TempDir Path folder;

  @Test
  void boxIsDrawnWhereTheFaceIs_andTheRestStaysAsItWas() throws Exception {
    Path out = folder.resolve("out");
    Call call =
        Tandem.command("infer")
            .model(Paths.CENTERFACE)
            .frames(Paths.PHOTOS)
            .output(out)
            .with("--render", 1, "--least-certain")
            .run();
    assertThat(call.exitCode()).as(call.err()).isZero();
    assertThat(call.out()).contains("predictions/, rendered/");
    List<Path> drawn = files(out.resolve("rendered"));
    assertThat(drawn).as("the only photo with a score").hasSize(1);
    assertThat(drawn.get(0).getFileName().toString()).startsWith("astronaut-");
    Picture before = PictureReader.read(Files.readAllBytes(Paths.PHOTOS.resolve("astronaut.png")));
    Picture after = PictureReader.read(Files.readAllBytes(drawn.get(0)));
    // The golden box of the model's own fit: 177.7, 56.0 to 270.9, 178.5.
    assertThat(rgb(after, 178, 110)).isEqualTo(0xFF8C00);
    assertThat(rgb(after, 271, 110)).isEqualTo(0xFF8C00);
    assertThat(rgb(after, 225, 178)).isEqualTo(0xFF8C00);
    assertThat(rgb(after, 225, 110)).isEqualTo(rgb(before, 225, 110));
    assertThat(rgb(after, 400, 300)).isEqualTo(rgb(before, 400, 300));
  }

  @Test
  void enlargedPicture_isBesideItsFrame() throws Exception {
    Path out = folder.resolve("out");
    Call call =
        Tandem.infer()
            .model(Paths.SUPERRESOLUTION)
            .frames(Paths.GOLDEN.resolve("superresolution/frame-????.png"))
            .output(out)
            .with("--render", 1)
            .run();
    assertThat(call.exitCode()).as(call.err()).isZero();
    List<Path> drawn = files(out.resolve("rendered"));
    assertThat(drawn).hasSize(1);
    Picture both = PictureReader.read(Files.readAllBytes(drawn.get(0)));
    assertThat(both.width()).isEqualTo(640);
    assertThat(both.height()).isEqualTo(180);
    Picture before =
        PictureReader.read(
            Files.readAllBytes(Paths.GOLDEN.resolve("superresolution/frame-0001.png")));
    assertThat(rgb(both, 2 * 80, 2 * 45)).isEqualTo(rgb(before, 80, 45));
  }

  @Test
  void wrongNumbers_areRefused() {
    for (List<Object> options :
        List.of(List.<Object>of("--render", -1), List.<Object>of("--least-certain"))) {
      Call call = Tandem.infer().frames(Paths.PHOTOS).with(options.toArray()).run();
      assertThat(call.exitCode()).isEqualTo(2);
      assertThat(call.err()).hasLineCount(1).contains("--render");
    }
  }

  private static int rgb(Picture picture, int x, int y) {
    int at = 3 * (y * picture.width() + x);
    byte[] rgb = picture.rgb();
    return ((rgb[at] & 0xff) << 16) | ((rgb[at + 1] & 0xff) << 8) | (rgb[at + 2] & 0xff);
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }
}
