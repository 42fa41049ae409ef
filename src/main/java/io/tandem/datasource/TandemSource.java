package io.tandem.datasource;

import java.util.HashMap;
import java.util.Map;
import org.apache.spark.sql.SQLContext;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.connector.catalog.Table;
import org.apache.spark.sql.connector.catalog.TableProvider;
import org.apache.spark.sql.connector.expressions.Transform;
import org.apache.spark.sql.sources.BaseRelation;
import org.apache.spark.sql.sources.DataSourceRegister;
import org.apache.spark.sql.sources.RelationProvider;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;
import org.jspecify.annotations.Nullable;
import scala.Tuple2;
import scala.collection.Iterator;

/**
 * The data source {@code tandem}: the predictions of a folder, a glob, videos or a manifest.
 *
 * <pre>{@code
 * spark.read().format("tandem").option("model", "s3a://models/net").load("s3a://frames/");
 * CREATE TEMPORARY VIEW p USING tandem OPTIONS (path 's3a://frames/', model 's3a://models/net');
 * }</pre>
 *
 * <p>Options are {@code model} (the folder of the model), {@code path} or {@code manifest} (the
 * frames), {@code result} and {@code timings} (the names of the struct columns; {@code prediction}
 * and {@code timings} by default), and the keys of reference.conf that say which frames there are
 * and how one is predicted, such as {@code infer.batch-size}. {@link
 * io.tandem.inference.SourceInference} says which columns there are. It reads only.
 */
public final class TandemSource implements TableProvider, RelationProvider, DataSourceRegister {
  static final String NAME = "tandem";

  /** The relation of the last options: Spark asks for the schema, and then for the table. */
  private @Nullable Opened opened;

  private record Opened(Map<String, String> options, SourceRelation relation) {}

  @Override
  public String shortName() {
    return NAME;
  }

  @Override
  public StructType inferSchema(CaseInsensitiveStringMap options) {
    return relation(options.asCaseSensitiveMap()).schema();
  }

  @Override
  public Table getTable(
      StructType schema, Transform[] partitioning, Map<String, String> properties) {
    return new SourceTable(relation(properties), schema);
  }

  private synchronized SourceRelation relation(Map<String, String> options) {
    Opened known = opened;
    if (known == null || !known.options.equals(options)) {
      known =
          new Opened(
              Map.copyOf(options),
              SourceRelation.of(SparkSession.active(), SourceOptions.of(options)));
      opened = known;
    }
    return known.relation;
  }

  /** Creates the relation of a temporary view of SQL, which Spark makes by its older interface. */
  @Override
  public BaseRelation createRelation(
      SQLContext context, scala.collection.immutable.Map<String, String> parameters) {
    Map<String, String> options = new HashMap<>();
    Iterator<Tuple2<String, String>> each = parameters.iterator();
    while (each.hasNext()) {
      Tuple2<String, String> option = each.next();
      options.put(option._1(), option._2());
    }
    return SourceRelation.of(context.sparkSession(), SourceOptions.of(options));
  }
}
