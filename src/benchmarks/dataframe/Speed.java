import io.tandem.conf.Settings;
import io.tandem.conf.SettingsLoader;
import io.tandem.inference.FrameInference;
import io.tandem.inference.InferenceJob;
import io.tandem.run.RunFolder;
import io.tandem.spark.Progress;
import java.io.BufferedReader;
import java.io.File;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Predicts a folder when a line asks for it, by infer or by transform, all in one session, and prints
 * the seconds from the call until the rows are committed as Parquet.
 *
 * <p>Arguments: folder of frames, model, work folder, "infer" to open infer's session or "plain" for
 * one with Spark's own defaults. Lines: infer; path, a list of paths; files, the paths of
 * binaryFile; binary, its bytes; source, the data source.
 */
final class Speed {
  public static void main(String[] args) throws Exception {
    String frames = Path.of(args[0]).toAbsolutePath().toString();
    String model = Path.of(args[1]).toAbsolutePath().toString();
    Path work = Path.of(args[2]);
    if (args[3].equals("plain")) {
      SparkSession.builder().master("local[*]").getOrCreate();
    }
    BufferedReader lines = new BufferedReader(new InputStreamReader(System.in));
    int number = 0;
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      String out = work.resolve(args[3] + "-" + number++).toString();
      long from = System.nanoTime();
      if (line.equals("infer")) {
        infer(frames, model, out);
      } else {
        transform(SparkSession.active(), line, frames, model, out);
      }
      System.out.printf("%.3f%n", (System.nanoTime() - from) / 1e9);
    }
    System.exit(0); // The jobs were not closed, because that would end the session.
  }

  private static void infer(String frames, String model, String out) {
    Settings settings =
        SettingsLoader.load(
            null, List.of("frames.path=" + frames, "model.path=" + model, "output.path=" + out));
    RunFolder unused = InferenceJob.of(settings, new Silent()).run(summary -> {});
  }

  /** "+" behind a kind: with partitions of more files than Spark makes by default. */
  private static void transform(
      SparkSession spark, String kind, String frames, String model, String out) {
    if (kind.endsWith("+")) {
      spark.conf().set("spark.sql.files.openCostInBytes", 65536);
    }
    rows(spark, kind.replace("+", ""), frames, model).write().parquet(out);
    spark.conf().unset("spark.sql.files.openCostInBytes");
  }

  private static Dataset<Row> rows(SparkSession spark, String kind, String frames, String model) {
    FrameInference.Builder builder = FrameInference.builder().model(model);
    Dataset<Row> files = spark.read().format("binaryFile").load(frames);
    return switch (kind) {
      case "source" -> spark.read().format("tandem").option("model", model).load(frames);
      case "path" -> builder.build().transform(list(spark, frames));
      case "files" -> builder.build().transform(files.select("path"));
      case "binary" ->
          builder.input("content").build().transform(files.select("path", "content"))
              .drop("content");
      default -> throw new IllegalArgumentException(kind);
    };
  }

  private static Dataset<Row> list(SparkSession spark, String frames) {
    List<String> paths =
        Arrays.stream(Path.of(frames).toFile().listFiles()).map(File::getPath).sorted().toList();
    return spark.createDataset(paths, Encoders.STRING()).toDF("path");
  }

  private static final class Silent implements Progress {
    @Override
    public void say(String line) {}

    @Override
    public void at(long done, long total, String unit) {}

    @Override
    public void done() {}
  }
}
