package io.tandem.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tandem.Call;
import io.tandem.Paths;
import io.tandem.RunReader;
import io.tandem.Tandem;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.apache.commons.lang3.ArrayUtils;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The bundled embedding, whose file is that of the classifier, against the original module's. */
@Tag("spark")
final class EmbeddingRunTest {
  private static final int SIDE = 224;
  private static final int PICTURES = 4;
  private static final int DIMENSIONS = 1280;

  @TempDir Path folder;

  /** Writes the pictures of the golden embeddings, without loss. */
  @BeforeEach
  void writePictures() throws IOException {
    byte[] pixels = Files.readAllBytes(Paths.GOLDEN.resolve("inputs.bin"));
    Files.createDirectories(folder.resolve("frames"));
    for (int picture = 0; picture < PICTURES; picture++) {
      BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
      for (int pixel = 0; pixel < SIDE * SIDE; pixel++) {
        int at = 3 * (picture * SIDE * SIDE + pixel);
        image.setRGB(
            pixel % SIDE,
            pixel / SIDE,
            (pixels[at] & 255) << 16 | (pixels[at + 1] & 255) << 8 | (pixels[at + 2] & 255));
      }
      ImageIO.write(image, "png", folder.resolve("frames/%d.png".formatted(picture)).toFile());
    }
  }

  @Test
  void embeddings_areThoseOfTheOriginalModule_ofLengthOne() throws IOException {
    Call call =
        Tandem.command("infer")
            .frames(folder.resolve("frames"))
            .model(Paths.EMBEDDING)
            .output(folder.resolve("out"))
            .set("infer.batch-size=3")
            .run();
    assertThat(call.exitCode()).as(call.err()).isZero();
    assertThat(call.out()).contains("0.png  1280 numbers of length 1.00: ");
    List<Row> rows =
        new RunReader(folder.resolve("out"))
            .predictions("SELECT embedding, dimensions, error FROM rows ORDER BY path");
    List<List<Float>> golden = golden("embedding.bin", DIMENSIONS);
    assertThat(rows).hasSize(PICTURES);
    for (int picture = 0; picture < PICTURES; picture++) {
      Row row = rows.get(picture);
      assertThat(row.isNullAt(2)).isTrue();
      assertThat(row.getInt(1)).isEqualTo(DIMENSIONS);
      List<Float> embedding = row.getList(0);
      assertThat(Math.sqrt(product(embedding, embedding))).isBetween(0.99999, 1.00001);
      List<Float> right = golden.get(picture);
      double cosine = product(embedding, right) / Math.sqrt(product(right, right));
      assertThat(cosine).isBetween(0.99999, 1.00001);
    }
  }

  @Test
  void outputsAsTensors_areThoseOfTheFile() throws IOException {
    Call call =
        Tandem.command("infer")
            .frames(folder.resolve("frames"))
            .model(Paths.EMBEDDING)
            .output(folder.resolve("out"))
            .set(
                "infer.batch-size=3",
                "model.properties.task=tensor",
                "model.properties.output.names=\"logits,embedding\"")
            .run();
    assertThat(call.exitCode()).as(call.err()).isZero();
    assertThat(call.out()).contains("0.png  logits [1000], embedding [1280]");
    List<Row> rows =
        new RunReader(folder.resolve("out"))
            .predictions("SELECT tensors, error FROM rows ORDER BY path");
    List<List<Float>> logits = golden("logits-onnx-fp32.bin", 1000);
    List<List<Float>> embeddings = golden("embedding.bin", DIMENSIONS);
    assertThat(rows).hasSize(PICTURES);
    for (int picture = 0; picture < PICTURES; picture++) {
      List<Row> tensors = rows.get(picture).getList(0);
      assertTensor(tensors.get(0), "logits", logits.get(picture));
      assertTensor(tensors.get(1), "embedding", embeddings.get(picture));
    }
  }

  private static void assertTensor(Row tensor, String name, List<Float> right) {
    assertThat(tensor.<String>getAs("name")).isEqualTo(name);
    assertThat(tensor.<Integer>getList(1)).containsExactly(right.size());
    List<Float> values = tensor.getList(2);
    float largest = right.stream().map(Math::abs).max(Float::compare).orElseThrow();
    assertThat(values).hasSameSizeAs(right);
    for (int i = 0; i < values.size(); i++) {
      assertThat(values.get(i)).isCloseTo(right.get(i), within(1e-4f * largest));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"embedding", "tensor"})
  void trialsOfABenchmark_agree(String task) throws IOException {
    RunReader run = new RunReader(folder.resolve("run"));
    Call call =
        Tandem.command("benchmark")
            .frames(folder.resolve("frames"))
            .model(Paths.EMBEDDING)
            .output(run.folder())
            .shortTrials()
            .set(
                "benchmark.concurrency=[1, 2]",
                "benchmark.rounds=2",
                "model.properties.task=" + task)
            .run();
    assertThat(call.exitCode()).as(call.err()).isZero();
    List<Map<String, String>> trials = run.csv("summary/speedup.csv");
    assertThat(trials).hasSizeGreaterThanOrEqualTo(2);
    assertThat(trials).allSatisfy(trial -> assertThat(trial).containsEntry("agreement", "1"));
  }

  private static List<List<Float>> golden(String file, int values) throws IOException {
    FloatBuffer floats =
        ByteBuffer.wrap(Files.readAllBytes(Paths.GOLDEN.resolve(file)))
            .order(ByteOrder.LITTLE_ENDIAN)
            .asFloatBuffer();
    List<List<Float>> pictures = new ArrayList<>();
    for (int picture = 0; picture < PICTURES; picture++) {
      float[] own = new float[values];
      floats.get(own);
      pictures.add(Arrays.asList(ArrayUtils.toObject(own)));
    }
    return pictures;
  }

  private static double product(List<Float> a, List<Float> b) {
    double sum = 0;
    for (int i = 0; i < DIMENSIONS; i++) {
      sum += (double) a.get(i) * b.get(i);
    }
    return sum;
  }
}
