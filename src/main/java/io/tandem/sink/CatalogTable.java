package io.tandem.sink;

import static org.apache.spark.sql.functions.lit;

import io.tandem.conf.SettingsException;
import io.tandem.source.FullDisk;
import io.tandem.source.StorageException;
import io.tandem.spark.MemoryFailure;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.lang3.exception.ExceptionUtils;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.analysis.NoSuchTableException;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * A table of Apache Iceberg, which may have the results of several runs. Columns say of which run
 * and chunk a row is, because the snapshots that say so too do not last.
 */
final class CatalogTable {
  private static final String KEY = "output.save-as";
  private static final String CATALOGS = "spark.sql.catalog.";
  private static final String ICEBERG = "org.apache.iceberg.";
  private static final String RUN = "run_id";
  private static final String CHUNK = "chunk";

  private final SparkSession spark;
  private final String name;
  private final StructType columns;

  /**
   * Names a table, which may not exist.
   *
   * @param name catalog, namespace and name
   * @param results the columns of results
   */
  CatalogTable(SparkSession spark, String name, StructType results) {
    this.spark = spark;
    this.name = name;
    this.columns = results.add(RUN, DataTypes.StringType).add(CHUNK, DataTypes.IntegerType);
  }

  /**
   * Creates the table unless it exists, and checks that it takes results.
   *
   * @throws SettingsException if it does not, or cannot be created
   */
  void prepare() {
    List<String> parts = List.of(name.split("\\.", -1));
    if (parts.size() < 3 || !parts.stream().allMatch(part -> part.matches("[\\w-]+"))) {
      throw refused("is not of the form catalog.namespace.table", null);
    }
    requireIceberg(parts.get(0));
    String namespace = quoted(parts.subList(0, parts.size() - 1));
    try {
      if (!spark.catalog().databaseExists(namespace)) {
        throw refused("has a namespace that does not exist; create it, or choose another", null);
      }
      if (!spark.catalog().tableExists(quoted())) {
        spark.sql("CREATE TABLE %s (%s) USING iceberg".formatted(quoted(), columns.toDDL()));
      }
      requireColumns();
    } catch (SettingsException e) {
      throw e;
    } catch (Exception e) { // Scala declares no exception; each catalog has its own.
      throw refused("cannot be opened or created: " + why(e), e);
    }
  }

  private void requireIceberg(String catalog) {
    String type = spark.conf().get(CATALOGS + catalog, "");
    if (type.isEmpty()) {
      String others =
          Stream.of(spark.sparkContext().getConf().getAllWithPrefix(CATALOGS))
              .map(entry -> entry._1())
              .filter(key -> !key.contains("."))
              .sorted()
              .collect(Collectors.joining(", "));
      throw refused(
          "is of the catalog %s, which Spark does not know (%s); add --conf %s%s=%sspark.SparkCatalog and its options before the command"
              .formatted(
                  catalog,
                  others.isEmpty() ? "it has none" : "it has " + others,
                  CATALOGS,
                  catalog,
                  ICEBERG),
          null);
    }
    if (!type.startsWith(ICEBERG)) {
      throw refused(
          "is of the catalog %s by %s; results are committed to tables of Apache Iceberg only"
              .formatted(catalog, type),
          null);
    }
  }

  private void requireColumns() {
    List<String> provider =
        spark
            .sql("DESCRIBE TABLE EXTENDED " + quoted())
            .where("col_name = 'Provider'")
            .select("data_type")
            .as(Encoders.STRING())
            .collectAsList();
    if (!provider.equals(List.of("iceberg"))) {
      throw refused("is no table of Apache Iceberg, but " + provider, null);
    }
    StructType there = spark.table(quoted()).schema();
    Set<String> names = new HashSet<>(Arrays.asList(columns.fieldNames()));
    for (StructField field : there.fields()) {
      if (!names.remove(field.name())) {
        throw refused(
            "has a column %s, which results do not have; choose another".formatted(field.name()),
            null);
      }
      StructField own = columns.apply(field.name());
      if (!own.dataType().sql().equals(field.dataType().sql()) || !field.nullable()) {
        throw refused(
            "has a column %s of type %s%s, and results have %s; choose another"
                .formatted(
                    field.name(),
                    field.dataType().sql(),
                    field.nullable() ? "" : " NOT NULL",
                    own.dataType().sql()),
            null);
      }
    }
    if (!names.isEmpty()) {
      throw refused(
          "has no column %s, which results have; choose another"
              .formatted(String.join(", ", names)),
          null);
    }
  }

  /** Returns the target for the chunks of a run. */
  ChunkTarget of(String run) {
    return new ChunkTarget() {
      @Override
      public Set<Integer> chunks() {
        return Set.copyOf(
            spark
                .table(quoted())
                .where(condition(run))
                .select(CHUNK)
                .distinct()
                .as(Encoders.INT())
                .collectAsList());
      }

      @Override
      public void append(int chunk, Dataset<Row> results) {
        committing(
            chunk,
            () ->
                results
                    .withColumn(RUN, lit(run))
                    .withColumn(CHUNK, lit(chunk))
                    .writeTo(quoted())
                    .option("snapshot-property.tandem-run", run)
                    .option("snapshot-property.tandem-chunk", Integer.toString(chunk))
                    .append());
      }

      @Override
      public void remove(int chunk) {
        committing(
            chunk,
            () ->
                spark.sql(
                    "DELETE FROM %s WHERE %s AND %s = %d"
                        .formatted(quoted(), condition(run), CHUNK, chunk)));
      }

      @Override
      public String name() {
        return name;
      }
    };
  }

  /** A write to the table. */
  private interface Write {
    void run() throws NoSuchTableException;
  }

  private void committing(int chunk, Write write) {
    try {
      FullDisk.writing(name, () -> run(write));
    } catch (StorageException e) {
      throw e;
    } catch (Exception | LinkageError e) { // Scala declares no exception.
      if (MemoryFailure.sentence(e) != null) {
        throw ExceptionUtils.<RuntimeException>rethrow(e);
      }
      throw new StorageException(
          "cannot commit chunk %d to the table %s".formatted(chunk, name),
          StorageException.known(e) == null ? ExceptionUtils.getRootCause(e) : e);
    }
  }

  private static void run(Write write) {
    try {
      write.run();
    } catch (NoSuchTableException e) {
      throw ExceptionUtils.<RuntimeException>rethrow(e);
    }
  }

  private static String condition(String run) {
    return "%s = '%s'".formatted(RUN, run);
  }

  private SettingsException refused(String what, @Nullable Throwable cause) {
    return SettingsException.of(KEY, "the table %s %s".formatted(name, what), cause);
  }

  private static String why(Throwable e) {
    return StorageException.why(ExceptionUtils.getRootCause(e));
  }

  private String quoted() {
    return quoted(List.of(name.split("\\.", -1)));
  }

  private static String quoted(List<String> parts) {
    return parts.stream().map(part -> "`" + part + "`").collect(Collectors.joining("."));
  }
}
