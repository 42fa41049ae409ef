import io.tandem.conf.Settings;
import io.tandem.conf.SettingsLoader;
import io.tandem.inference.FrameInference;
import io.tandem.inference.InferenceJob;
import io.tandem.run.RunFolder;
import io.tandem.spark.Progress;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Predicts a folder when a line asks for it, by infer or by transform, all in one session, and prints
 * the seconds from the call until the rows are committed as Parquet.
 *
 * <p>Arguments: folder of frames, model, work folder, "infer" to open infer's session or "plain" for
 * one with Spark's own defaults. Lines: infer, path, binary, source.
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

  private static void transform(
      SparkSession spark, String column, String frames, String model, String out) {
    Dataset<Row> rows;
    if (column.equals("source")) {
      rows = spark.read().format("tandem").option("model", model).load(frames);
    } else {
      Dataset<Row> files = spark.read().format("binaryFile").load(frames);
      boolean binary = column.equals("binary");
      FrameInference inference =
          FrameInference.builder().model(model).input(binary ? "content" : "path").build();
      rows = inference.transform(binary ? files.select("path", "content") : files.select("path"));
      rows = rows.drop("content");
    }
    rows.write().parquet(out);
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
