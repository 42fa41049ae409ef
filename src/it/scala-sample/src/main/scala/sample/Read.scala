package sample

import org.apache.spark.sql.SparkSession

/** Reads the predictions of a folder by Spark's reader, and by SQL: Read FOLDER MODEL. */
object Read {
  def main(args: Array[String]): Unit = {
    val spark = SparkSession.builder().master("local[2]").getOrCreate()
    spark.sparkContext.setLogLevel("WARN")

    val predictions = spark.read.format("tandem").option("model", args(1)).load(args(0))
    predictions.select("frame_index", "prediction.label").orderBy("frame_index").show(5, false)
    println(s"${predictions.count()} rows read")

    spark.sql(
      s"CREATE TEMPORARY VIEW p USING tandem OPTIONS (path '${args(0)}', model '${args(1)}')")
    val labels =
      spark.sql("SELECT count(prediction.label), min(timings.forward_us) > 0 FROM p").head()
    println(s"${labels.getLong(0)} labels by SQL, timed: ${labels.get(1)}")
    spark.stop()
  }
}
