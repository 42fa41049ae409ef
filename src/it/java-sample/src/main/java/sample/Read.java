package sample;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Reads the predictions of a folder by Spark's reader, and by SQL: Read FOLDER MODEL. */
public final class Read {
  private Read() {}

  public static void main(String[] args) {
    SparkSession spark = SparkSession.builder().master("local[2]").getOrCreate();
    spark.sparkContext().setLogLevel("WARN");

    Dataset<Row> predictions =
        spark.read().format("tandem").option("model", args[1]).load(args[0]);
    predictions.select("frame_index", "prediction.label").orderBy("frame_index").show(5, false);
    System.out.printf("%d rows read%n", predictions.count());

    spark.sql(
        "CREATE TEMPORARY VIEW p USING tandem OPTIONS (path '%s', model '%s')"
            .formatted(args[0], args[1]));
    Row labels =
        spark.sql("SELECT count(prediction.label), min(timings.forward_us) > 0 FROM p").head();
    System.out.printf("%d labels by SQL, timed: %s%n", labels.getLong(0), labels.get(1));
    spark.stop();
  }
}
