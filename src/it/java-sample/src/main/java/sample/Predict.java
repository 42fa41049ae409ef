package sample;

import io.tandem.inference.FrameInference;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Predicts the images of a DataFrame that has their bytes: Predict FOLDER MODEL. */
public final class Predict {
  private Predict() {}

  public static void main(String[] args) {
    SparkSession spark = SparkSession.builder().master("local[2]").getOrCreate();
    spark.sparkContext().setLogLevel("WARN");

    FrameInference inference = FrameInference.builder().model(args[1]).input("content").build();
    Dataset<Row> files = spark.read().format("binaryFile").load(args[0]);
    Dataset<Row> predicted = inference.transform(files).orderBy("path").cache();

    predicted
        .selectExpr(
            "regexp_extract(path, '[^/]+$', 0) AS file",
            "prediction.label",
            "round(prediction.probability, 3) AS probability",
            "timings.forward_us > 0 AS timed")
        .show(5, false);
    System.out.printf(
        "%d rows, %d with a label%n",
        predicted.count(), predicted.filter("prediction.label IS NOT NULL").count());
    spark.stop();
  }
}
