import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/** A minimal Spark job: a session on all cores, and one task. */
public final class EmptyJob {
  private EmptyJob() {}

  public static void main(String[] args) {
    SparkSession spark =
        SparkSession.builder()
            .master("local[*]")
            .appName("empty")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.driver.host", "127.0.0.1")
            .getOrCreate();
    long count = JavaSparkContext.fromSparkContext(spark.sparkContext()).parallelize(List.of(1)).count();
    System.out.println(count);
    spark.stop();
  }
}
