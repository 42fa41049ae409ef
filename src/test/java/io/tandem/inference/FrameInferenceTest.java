package io.tandem.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tandem.CallersSession;
import io.tandem.Paths;
import io.tandem.conf.SettingsException;
import io.tandem.model.ModelException;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import javax.imageio.ImageIO;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.streaming.Trigger;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Inference in the session of another program. */
@Tag("spark")
final class FrameInferenceTest {
  private static final String SMALL = Paths.SMALL.toAbsolutePath().toString();

  @TempDir private static Path folder;
  private static SparkSession spark;

  @BeforeAll
  static void runInfer_andOpenTheCallersSession() {
    CallersSession.infer(folder.resolve("run"));
    spark = CallersSession.open();
  }

  @AfterAll
  static void closeIt() {
    spark.stop();
  }

  private static FrameInference.Builder builder() {
    return FrameInference.builder().model(Paths.SMALL_MODEL.toAbsolutePath().toString());
  }

  private static Dataset<Row> files() {
    return spark.read().format("binaryFile").load(SMALL);
  }

  private static List<Row> results(Dataset<Row> predicted) {
    return predicted
        .selectExpr("path", "prediction.label", "prediction.probability", "prediction.error")
        .orderBy("path")
        .collectAsList();
  }

  @Test
  void pathsAndBytes_giveTheSameResultsAsInfer() {
    List<Row> expected =
        spark
            .read()
            .parquet(folder.resolve("run/predictions").toString())
            .select("path", "label", "probability", "error")
            .orderBy("path")
            .collectAsList();
    assertThat(expected).hasSize(100);
    assertThat(results(builder().build().transform(files().select("path")))).isEqualTo(expected);
    assertThat(
            results(
                builder().input("content").build().transform(files().select("content", "path"))))
        .isEqualTo(expected);
  }

  @Test
  void folderOfTheModel_mayHaveAnyName() throws IOException {
    Path model =
        Files.createSymbolicLink(folder.resolve("net #2 ${x}"), Paths.SMALL_MODEL.toAbsolutePath());
    FrameInference inference = FrameInference.builder().model(model.toString()).build();
    assertThat(inference.transform(files()).schema().fieldNames()).contains("prediction");
  }

  @Test
  void otherColumnsPassThrough_whateverTheirTypes() {
    Dataset<Row> given =
        files()
            .selectExpr(
                "path",
                "content",
                "modificationTime",
                "length",
                "CAST(length AS DECIMAL(20, 3)) decimal",
                "struct(length, array(path, NULL) paths) nested",
                "map('a', struct(length)) map",
                "DATE'2026-01-01' day",
                "INTERVAL '1-2' YEAR TO MONTH months",
                "INTERVAL '1' DAY days",
                "CAST(NULL AS VOID) nothing",
                "CAST(length % 100 AS BYTE) small",
                "TIMESTAMP_NTZ'2026-01-01 01:02:03.456789' local_time",
                "make_interval(1, 2, 3) calendar",
                "1 AS double",
                "2 AS double");
    Dataset<Row> predicted = builder().build().transform(given);

    assertThat(predicted.schema().fieldNames())
        .startsWith(given.schema().fieldNames())
        .endsWith("prediction", "timings");
    assertThat(predicted.drop("prediction", "timings", "content").collectAsList().toString())
        .isEqualTo(given.drop("content").collectAsList().toString());
    assertThat(shas(predicted)).isEqualTo(shas(given));
    assertThat(shas(builder().input("content").build().transform(given))).isEqualTo(shas(given));
  }

  private static List<Row> shas(Dataset<Row> rows) {
    return rows.selectExpr("sha(content)").collectAsList();
  }

  @Test
  void everyRowThatCannotBePredicted_saysWhy() {
    StructType schema = new StructType().add("n", DataTypes.IntegerType).add("p", "string");
    String image = Paths.small(1).toAbsolutePath().toString();
    Dataset<Row> given =
        spark.createDataFrame(
            List.of(
                row(1, image),
                row(2, null),
                row(3, "/none/such.jpg"),
                row(4, SMALL),
                row(5, Path.of("README.md").toAbsolutePath().toString()),
                row(6, "https://example.com/a.jpg"),
                row(7, Paths.VIDEO.toAbsolutePath().toString()),
                row(8, "gone:/a.jpg"),
                row(9, "data/small/bigbuckbunny-0001.jpg"),
                row(10, "file:" + image)),
            schema);
    List<Row> rows =
        builder()
            .input("p")
            .build()
            .transform(given.coalesce(1))
            .selectExpr("n", "prediction.label IS NULL none", "prediction.error")
            .orderBy("n")
            .collectAsList();

    assertThat(rows.stream().filter(row -> row.isNullAt(2)).map(row -> row.getInt(0)))
        .containsExactly(1, 9, 10);
    assertThat(rows).allMatch(row -> row.getBoolean(1) != row.isNullAt(2));
    assertThat(error(rows, 2)).isEqualTo("column p is null");
    assertThat(error(rows, 3)).isEqualTo("there is no such file");
    assertThat(error(rows, 4)).isEqualTo("is a folder, not a file");
    assertThat(error(rows, 5)).startsWith("not an image");
    assertThat(error(rows, 6)).isEqualTo("addresses of the web are not read");
    assertThat(error(rows, 7)).contains("spark.read().format(\"tandem\")");
    assertThat(error(rows, 8)).contains("no file system of that scheme");
  }

  private static Row row(@Nullable Object... cells) {
    return RowFactory.create(cells);
  }

  private static String error(List<Row> rows, int n) {
    return rows.get(n - 1).getString(2);
  }

  @Test
  void nullAndEmptyBytes_areErrorsOfTheirRows() {
    List<Row> rows =
        builder()
            .input("content")
            .withoutTimings()
            .build()
            .transform(
                files()
                    .orderBy("path")
                    .limit(3)
                    .selectExpr(
                        "path",
                        "CASE WHEN path LIKE '%1.jpg' THEN NULL WHEN path LIKE '%2.jpg' THEN X'' ELSE content END content"))
            .orderBy("path")
            .select("prediction.error", "prediction.label")
            .collectAsList();

    assertThat(rows.get(0).getString(0)).isEqualTo("column content is null");
    assertThat(rows.get(1).getString(0)).isEqualTo("the file is empty");
    assertThat(rows.get(2).isNullAt(0)).isTrue();
    assertThat(rows.get(2).getString(1)).isNotEmpty();
  }

  /** Of Spark's data source "image", whose jar is not among ours: what ImageSchema has and does. */
  private static final StructType IMAGE =
      new StructType()
          .add("origin", "string")
          .add("height", "int")
          .add("width", "int")
          .add("nChannels", "int")
          .add("mode", "int")
          .add("data", "binary");

  private static Row image(Path file, int channels) throws IOException {
    BufferedImage image = ImageIO.read(file.toFile());
    ByteArrayOutputStream bgr = new ByteArrayOutputStream();
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        Color color = new Color(image.getRGB(x, y));
        bgr.write(color.getBlue());
        for (int c = 1; c < channels; c++) {
          bgr.write(List.of(0, color.getGreen(), color.getRed(), 77).get(c));
        }
      }
    }
    return row(
        file.toString(), image.getHeight(), image.getWidth(), channels, 16, bgr.toByteArray());
  }

  @Test
  void sparksImages_arePredictedAsTheirFiles() throws Exception {
    Path odd = Paths.IMAGES.resolve("plain.png").toAbsolutePath();
    Path grey = folder.resolve("grey.png");
    BufferedImage picture = ImageIO.read(odd.toFile());
    for (int x = 0; x < picture.getWidth(); x++) {
      for (int y = 0; y < picture.getHeight(); y++) {
        picture.setRGB(x, y, (picture.getRGB(x, y) & 0xff) * 0x10101);
      }
    }
    ImageIO.write(picture, "png", grey.toFile());
    List<Row> given = new ArrayList<>();
    for (Row image :
        List.of(
            image(odd, 3),
            image(odd, 4),
            image(grey, 1),
            row("short", 2, 2, 3, 16, new byte[11]),
            row("none", -1, -1, -1, -1, new byte[0]),
            row("nulls", 1, null, 3, 16, new byte[3]))) {
      given.add(row(given.size(), image.getString(0), image));
    }
    given.add(row(given.size(), null, null));
    List<Row> rows =
        builder()
            .input("path")
            .result("of_path")
            .withoutTimings()
            .build()
            .transform(
                builder()
                    .input("image")
                    .build()
                    .transform(
                        spark.createDataFrame(
                            given,
                            new StructType()
                                .add("n", "int")
                                .add("path", "string")
                                .add("image", IMAGE))))
            .selectExpr("prediction.label", "of_path.label", "prediction.error")
            .orderBy("n")
            .collectAsList();

    assertThat(rows.subList(0, 3)).allMatch(row -> row.getString(0).equals(row.getString(1)));
    assertThat(rows.subList(3, 7).stream().map(row -> row.getString(2)))
        .containsExactly(
            "the image has 11 bytes; 2 x 2 pixels of 3 channels are 12",
            "not an image: -1 x -1 pixels of -1 channels",
            "the image's width is null",
            "column image is null");
  }

  @Test
  void transform_isLazy_andLeavesTheSessionAsItWas() {
    Set<String> views = views();
    var conf = spark.conf().getAll();
    Dataset<Row> given = files().select("path");
    int jobs = jobs();
    Dataset<Row> one = builder().build().transform(given);
    Dataset<Row> two = builder().result("again").timings("timed").build().transform(one);

    assertThat(jobs()).isEqualTo(jobs);
    assertThat(two.where("prediction.label != again.label").count()).isZero();
    assertThat(two.limit(3).count()).isEqualTo(3);
    assertThat(views()).isEqualTo(views);
    assertThat(spark.conf().getAll()).isEqualTo(conf);
    assertThat(spark.sparkContext().hadoopConfiguration().get("fs.s3.impl")).isNull();
    assertThat(spark.sparkContext().isStopped()).isFalse();
  }

  private static int jobs() {
    return spark.sparkContext().statusTracker().getJobIdsForGroup(null).length;
  }

  private static Set<String> views() {
    return new TreeSet<>(
        spark.sql("SHOW VIEWS").select("viewName").as(Encoders.STRING()).collectAsList());
  }

  @Test
  void severalModels_workInOneSession() {
    Dataset<Row> both =
        FrameInference.builder()
            .model(Paths.DOUBLING.toAbsolutePath().toString())
            .result("doubled")
            .withoutTimings()
            .build()
            .transform(builder().build().transform(files().select("path").limit(4)));

    List<Row> rows =
        both.selectExpr(
                "prediction.label",
                "doubled.image_width",
                "doubled.error",
                "length(doubled.image) > 100",
                "doubled.image_path")
            .collectAsList();
    assertThat(rows).hasSize(4);
    assertThat(rows)
        .allSatisfy(
            row -> {
              assertThat(row.getString(0)).isNotEmpty();
              assertThat(row.getInt(1)).isPositive();
              assertThat(row.isNullAt(2)).isTrue();
              assertThat(row.getBoolean(3)).isTrue();
              assertThat(row.isNullAt(4)).isTrue();
            });
  }

  @Test
  void streamingDatasets_arePredicted() throws Exception {
    Path in = Files.createDirectory(folder.resolve("in"));
    for (int i = 1; i <= 5; i++) {
      Files.copy(Paths.small(i), in.resolve(i + ".jpg"));
    }
    StructType schema = spark.read().format("binaryFile").load(in.toString()).schema();
    Dataset<Row> stream =
        builder()
            .build()
            .transform(
                spark
                    .readStream()
                    .format("binaryFile")
                    .schema(schema)
                    .load(in.toString())
                    .select("path"));
    assertThat(stream.isStreaming()).isTrue();
    stream
        .select("path", "prediction.label")
        .writeStream()
        .trigger(Trigger.AvailableNow())
        .format("parquet")
        .option("checkpointLocation", folder.resolve("checkpoint").toString())
        .start(folder.resolve("out").toString())
        .awaitTermination();

    assertThat(spark.read().parquet(folder.resolve("out").toString()).where("label != ''").count())
        .isEqualTo(5);
  }

  @Test
  void wrongColumns_areRefusedBeforeAnyJob() {
    Dataset<Row> given = files();
    assertThatThrownBy(() -> builder().input("image").build().transform(given))
        .isInstanceOf(ColumnException.class)
        .hasMessage(
            "the DataFrame has no column image to predict; it has path, modificationTime, length, content; name one by input(...)");
    assertThatThrownBy(() -> builder().input("length").build().transform(given))
        .isInstanceOf(ColumnException.class)
        .hasMessageStartingWith("column length is of type bigint; frames are a path or URL");
    assertThatThrownBy(
            () ->
                builder()
                    .build()
                    .transform(
                        given
                            .selectExpr("path", "path AS PATH")
                            .toDF("a", "a")
                            .selectExpr("1 AS n")
                            .crossJoin(given.select("path").toDF("path"))
                            .select(functions.col("path"), functions.col("path"))))
        .hasMessage("the DataFrame has 2 columns of the name path; rename all but one");
    assertThatThrownBy(() -> builder().result("LENGTH").build().transform(given))
        .hasMessage(
            "the DataFrame has a column length already; name the new one otherwise, by result(...)");
    assertThatThrownBy(() -> builder().timings("content").build().transform(given))
        .hasMessage(
            "the DataFrame has a column content already; name the new one otherwise, by timings(...)");
    assertThatThrownBy(() -> builder().timings("prediction").build())
        .hasMessageStartingWith("results and timings are two columns");
  }

  @Test
  void wrongSettingsAndModels_areRefused() {
    assertThatThrownBy(() -> FrameInference.builder().build())
        .isInstanceOf(SettingsException.class)
        .hasMessageStartingWith("no model is named");
    assertThatThrownBy(() -> builder().set("infer.batch-sise", 4).build())
        .hasMessageContaining("unknown key infer.batch-sise");
    assertThatThrownBy(() -> builder().set("infer.batch-size", 0).build())
        .hasMessageContaining("infer.batch-size");
    assertThatThrownBy(() -> builder().set("infer.batch-size", "auto").build())
        .hasMessageContaining("must be numbers here");
    assertThatThrownBy(() -> builder().set("output.path", "/tmp/x").build())
        .hasMessageContaining("output.path is a setting of Tandem's own commands");
    assertThatThrownBy(() -> builder().set("frames.glob", "*.png").build())
        .hasMessageContaining("frames.glob is a setting of");
    FrameInference none = FrameInference.builder().model("/none/such").build();
    assertThatThrownBy(() -> none.transform(files()))
        .isInstanceOf(ModelException.class)
        .hasMessageStartingWith("no model folder at /none/such");
  }

  @Test
  void transformSchema_isTheSchemaOfTheRows() {
    StructType given = files().schema();
    FrameInference all = builder().build();
    FrameInference less = builder().withoutTimings().result("p").build();

    assertThat(all.transformSchema(given)).isEqualTo(all.transform(files()).schema());
    assertThat(less.transformSchema(given)).isEqualTo(less.transform(files()).schema());
    assertThat(
            Arrays.asList(
                ((StructType)
                        Objects.requireNonNull(less.transformSchema(given).apply("p")).dataType())
                    .fieldNames()))
        .containsExactly("label", "probability", "top_k", "error");
    assertThat(((StructType) all.transformSchema(given).apply("timings").dataType()).fieldNames())
        .startsWith("model", "device", "gpu_address", "lane")
        .endsWith("output_at_us", "output_us")
        .doesNotContain("trial", "round", "pass", "error");
  }
}
