package io.tandem.datasource;

import io.tandem.inference.SourceInference;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SQLContext;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.sources.BaseRelation;
import org.apache.spark.sql.sources.PrunedScan;
import org.apache.spark.sql.sources.TableScan;
import org.apache.spark.sql.types.StructType;

/** The rows of the data source, of which a scan makes the columns that it needs. */
final class SourceRelation extends BaseRelation implements PrunedScan, TableScan {
  private final SparkSession spark;
  private final SourceInference inference;
  private final StructType schema;

  private SourceRelation(SparkSession spark, SourceInference inference, StructType schema) {
    this.spark = spark;
    this.inference = inference;
    this.schema = schema;
  }

  /**
   * Returns the relation of a read; opens its frames and the model's folder.
   *
   * @throws io.tandem.conf.InputException if one of them is not there or cannot be used
   */
  static SourceRelation of(SparkSession spark, SourceOptions options) {
    SourceInference inference = SourceInference.open(spark, options.settings(), options.names());
    return new SourceRelation(spark, inference, inference.schema());
  }

  /** Returns the same rows with some of their columns. */
  SourceRelation pruned(StructType columns) {
    return new SourceRelation(spark, inference, columns);
  }

  @Override
  public SQLContext sqlContext() {
    return spark.sqlContext();
  }

  @Override
  public StructType schema() {
    return schema;
  }

  @Override
  public RDD<Row> buildScan() {
    return buildScan(schema.fieldNames());
  }

  @Override
  public RDD<Row> buildScan(String[] columns) {
    List<String> names = Arrays.asList(columns);
    return inference.rows(names).rdd();
  }

  @Override
  public String toString() {
    return TandemSource.NAME;
  }
}
