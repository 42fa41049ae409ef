package sample

import io.tandem.inference.FrameInference
import org.apache.spark.sql.SparkSession
import org.apache.spark.sql.functions.{col, expr, round}

/** Predicts the images of a DataFrame that has their paths: Predict FOLDER MODEL. */
object Predict {
  def main(args: Array[String]): Unit = {
    val spark = SparkSession.builder().master("local[2]").getOrCreate()
    spark.sparkContext.setLogLevel("WARN")

    val inference = FrameInference.builder().model(args(1)).build()
    val files = spark.read.format("binaryFile").load(args(0)).select("path", "length")
    val predicted = files.transform(df => inference.transform(df)).orderBy("path").cache()

    predicted
      .select(
        expr("regexp_extract(path, '[^/]+$', 0)").as("file"),
        col("prediction.label"),
        round(col("prediction.probability"), 3).as("probability"),
        (col("timings.forward_us") > 0).as("timed"))
      .show(5, false)
    val labelled = predicted.filter(col("prediction.label").isNotNull).count()
    println(s"${predicted.count()} rows, $labelled with a label")
    spark.stop()
  }
}
