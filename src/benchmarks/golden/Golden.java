import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Writes the predictions of runs as CSV: Golden FILE NAME RUN [NAME RUN ...]. */
final class Golden {
  public static void main(String[] args) throws Exception {
    SparkSession spark =
        SparkSession.builder()
            .master("local[1]")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.host", "127.0.0.1")
            .getOrCreate();
    try (PrintWriter out =
        new PrintWriter(Files.newBufferedWriter(Path.of(args[0]), StandardCharsets.UTF_8))) {
      out.println("set,file,failed,top_k");
      for (int i = 1; i < args.length; i += 2) {
        spark.read().parquet(args[i + 1] + "/predictions").createOrReplaceTempView("rows");
        for (Row row :
            spark
                .sql(
                    "SELECT substring_index(path, '/', -1), error IS NOT NULL, top_k FROM rows ORDER BY frame_index")
                .collectAsList()) {
          out.printf(
              Locale.ROOT,
              "%s,%s,%s,%s%n",
              args[i],
              row.getString(0),
              row.getBoolean(1),
              row.getBoolean(1) ? "" : labels(row.getList(2)));
        }
      }
    }
    spark.stop();
  }

  private static String labels(List<Row> top) {
    return top.stream()
        .map(one -> String.format(Locale.ROOT, "%s=%.7f", one.getString(0).replace(',', ';'), one.getFloat(1)))
        .collect(Collectors.joining("|"));
  }
}
