package io.tandem.spark;

import java.lang.reflect.InvocationTargetException;
import java.util.Arrays;
import java.util.Iterator;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.CatalystTypeConverters;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructType;
import scala.Function1;

/**
 * Faster alternatives to Spark SQL's public methods, if the Spark version has them; otherwise the
 * public methods.
 */
public final class Sessions {
  private Sessions() {}

  /**
   * Returns a session with this configuration. Spark 4's own builder finds out by Scala's
   * reflection that the session runs in this JVM and is no client of a server, which takes half a
   * second; here the class that it finds is named. Spark 3.5 has one kind only.
   */
  static SparkSession of(SparkConf conf) {
    try {
      Object builder =
          Class.forName("org.apache.spark.sql.classic.SparkSession")
              .getMethod("builder")
              .invoke(null);
      Class<?> type = builder.getClass();
      Object configured = type.getMethod("config", SparkConf.class).invoke(builder, conf);
      return (SparkSession) type.getMethod("getOrCreate").invoke(configured);
    } catch (InvocationTargetException e) {
      throw unwrapped(e);
    } catch (ReflectiveOperationException e) {
      return SparkSession.builder().config(conf).getOrCreate();
    }
  }

  /**
   * Refuses a session that is a client of a server: the code and the files of this JVM are not
   * there.
   *
   * @throws ClusterException in one sentence
   */
  static void requireClassic(SparkSession spark) {
    // Spark 4 has two classes of sessions, Spark 3.5 two jars with the same class.
    boolean classic =
        !spark.getClass().getName().contains(".connect.")
            && Arrays.stream(spark.getClass().getMethods())
                .anyMatch(method -> method.getName().equals("sessionState"));
    if (!classic) {
      throw new ClusterException(
          "this is a session of Spark Connect, whose server runs the tasks; there, with Tandem's jars on the server, use spark.read().format(\"tandem\"), or use a session without Connect");
    }
  }

  /** Returns a copy of Hadoop's configuration, with what was set in the session alone. */
  static Configuration hadoop(SparkSession spark) {
    try {
      Object state = spark.getClass().getMethod("sessionState").invoke(spark);
      return (Configuration) state.getClass().getMethod("newHadoopConf").invoke(state);
    } catch (InvocationTargetException e) {
      throw unwrapped(e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("Spark " + spark.version() + " has no session state", e);
    }
  }

  /**
   * Returns the rows as a dataset. Spark's own method compiles a class that converts the rows for
   * each task, which takes about 50 ms; a lane has too few rows for that to pay off.
   */
  @SuppressWarnings("unchecked")
  public static Dataset<Row> dataset(SparkSession spark, JavaRDD<Row> rows, StructType schema) {
    try {
      JavaRDD<InternalRow> internal =
          rows.mapPartitions(
              partition -> {
                Function1<Object, Object> converter =
                    CatalystTypeConverters.createToCatalystConverter(schema);
                return new Converted(partition, converter);
              });
      return (Dataset<Row>)
          spark
              .getClass()
              .getMethod("internalCreateDataFrame", RDD.class, StructType.class, boolean.class)
              .invoke(spark, internal.rdd(), schema, false);
    } catch (InvocationTargetException e) {
      throw unwrapped(e);
    } catch (ReflectiveOperationException e) {
      return spark.createDataFrame(rows, schema);
    }
  }

  private record Converted(Iterator<Row> rows, Function1<Object, Object> converter)
      implements Iterator<InternalRow> {
    @Override
    public boolean hasNext() {
      return rows.hasNext();
    }

    @Override
    public InternalRow next() {
      return (InternalRow) converter.apply(rows.next());
    }
  }

  private static RuntimeException unwrapped(InvocationTargetException e) {
    return e.getCause() instanceof RuntimeException cause
        ? cause
        : new IllegalStateException(e.getCause());
  }
}
