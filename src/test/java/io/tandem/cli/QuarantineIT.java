package io.tandem.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.Call;
import io.tandem.Checkout;
import io.tandem.Ended;
import io.tandem.Paths;
import io.tandem.Program;
import io.tandem.RunReader;
import io.tandem.Tandem;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.apache.commons.collections4.ListUtils;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A frame on which the native library ends its process by a segmentation fault: a violet one. */
@Tag("spark")
final class QuarantineIT {
  private static final int FRAMES = 40;
  private static final int VIOLET = 17;

  private static final String ROWS =
      "SELECT frame_index, label, round(probability, 4), error IS NULL FROM rows ORDER BY frame_index";

  @TempDir Path folder;

  @BeforeEach
  void makeFrames() throws IOException {
    Checkout.in(folder);
    Path frames = Files.createDirectory(folder.resolve("frames"));
    for (int i = 0; i < FRAMES; i++) {
      Color color =
          i == VIOLET ? new Color(185, 65, 205) : new Color(i * 6, 255 - i * 6, (i * 37) % 256);
      write(color, frames.resolve("%03d.png".formatted(i)));
    }
  }

  private static void write(Color color, Path file) throws IOException {
    BufferedImage image = new BufferedImage(32, 24, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(color);
    graphics.fillRect(0, 0, image.getWidth(), image.getHeight());
    graphics.dispose();
    ImageIO.write(image, "png", file.toFile());
  }

  private static Tandem infer(Object output) {
    return Tandem.infer()
        .model(Paths.MODELS.resolve("fatal").toAbsolutePath())
        .set("model.export=null", "infer.batch-size=4", "frames.jpeg-library=ffmpeg")
        .output(output);
  }

  private List<Row> rows(String run) {
    return new RunReader(folder.resolve(run)).predictions(ROWS);
  }

  /** Checks that each frame has one row, and all but the violet one the row of a harmless run. */
  private void requireAllButTheVioletOne(String run) throws Exception {
    Path violet = folder.resolve("frames/%03d.png".formatted(VIOLET));
    write(Color.RED, violet);
    Call harmless = infer(folder.resolve("out/harmless")).frames(folder.resolve("frames")).run();
    assertThat(harmless.exitCode()).as(harmless.err()).isZero();
    List<Row> expected = rows("out/harmless");
    assertThat(expected).hasSize(FRAMES);
    expected =
        expected.stream()
            .map(
                row -> row.getInt(0) == VIOLET ? RowFactory.create(VIOLET, null, null, false) : row)
            .toList();
    assertThat(rows(run)).isEqualTo(expected);
    assertThat(
            new RunReader(folder.resolve(run))
                .predictions("SELECT error FROM rows WHERE error IS NOT NULL"))
        .containsExactly(
            RowFactory.create(
                "quarantined: two processes ended while they predicted this frame, the second one alone"));
  }

  @Test
  void onACluster_theFrameIsQuarantined_inTheSameRun() throws Exception {
    Ended ended =
        new Checkout(folder)
            .submit(
                ListUtils.union(
                    List.of("--master", "local-cluster[2,2,1024]", "--executor-memory", "1g"),
                    Checkout.QUICK),
                infer("out/run").frames("frames"))
            .run();
    assertThat(ended.err())
        .contains("/frames/017.png is quarantined: two processes ended while they predicted it");
    assertThat(ended.exitCode()).as(ended.err()).isZero();
    requireAllButTheVioletOne("out/run");
  }

  @Test
  void onThisMachine_theFrameIsQuarantined_byTheSecondResume() throws Exception {
    Ended first = new Checkout(folder).submit(List.of(), infer("out/run").frames("frames")).run();
    assertThat(first.exitCode()).as(first.err()).isEqualTo(134);
    Ended second = resume();
    assertThat(second.exitCode()).as(second.err()).isEqualTo(134);
    assertThat(second.err()).contains("in work when the process ended will be predicted alone: ");
    Ended third = resume();
    assertThat(third.exitCode()).as(third.err()).isZero();
    assertThat(third.err())
        .contains("/frames/017.png is quarantined: two processes ended while they predicted it");
    requireAllButTheVioletOne("out/run");
  }

  private Ended resume() throws Exception {
    return new Program(folder, "./submit.sh", "infer", "--resume", "out/run").run();
  }
}
