package io.tandem;

import org.apache.spark.sql.SparkSession;

/** The Spark session of a program that calls Tandem: with Spark's own settings, and two slots. */
public final class CallersSession {
  private CallersSession() {}

  /** Opens the session; the test stops it. */
  public static SparkSession open() {
    return SparkSession.builder()
        .master("local[2]")
        .config("spark.ui.enabled", false)
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.sql.shuffle.partitions", 2)
        .getOrCreate();
  }

  /** Predicts the small frames by the command into a folder, before there is a session. */
  public static void infer(Object output) {
    Call infer = Tandem.infer().model(Paths.SMALL_MODEL).frames(Paths.SMALL).output(output).run();
    if (infer.exitCode() != 0) {
      throw new AssertionError(infer.err());
    }
  }
}
