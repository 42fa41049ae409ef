package io.tandem.source;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.monotonically_increasing_id;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.when;

import io.tandem.spark.Readers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/** Reads a manifest's header and types. */
final class ManifestReader {
  /** The column for the text of a row that Spark cannot parse. */
  private static final String MALFORMED = "_tandem_malformed";

  private static final String LENGTH = "length";
  private static final String MODIFIED_AT = "modified_at";

  private final SparkSession spark;
  private final String name;
  private final ManifestFiles files;
  private final String pathColumn;

  ManifestReader(SparkSession spark, String name, ManifestFiles files, String pathColumn) {
    this.spark = spark;
    this.name = name;
    this.files = files;
    this.pathColumn = pathColumn;
  }

  ManifestTable open() {
    Dataset<Row> all = load();
    List<String> columns = new ArrayList<>(List.of(all.columns()));
    boolean mayBeMalformed = columns.remove(MALFORMED);
    requireOwn(all.schema());
    String path = path(all.schema(), columns);
    Column noText = lit(null).cast("string");
    Column noNumber = lit(null).cast("bigint");
    Column bytes = bytes(all);
    Column modified = bytes == null ? null : modified(all);
    Column[] others =
        columns.stream()
            .filter(name -> !name.equals(path) && !(bytes != null && name.equals(LENGTH)))
            .map(ManifestReader::column)
            .toArray(Column[]::new);
    Dataset<Row> rows =
        all.select(
            all.metadataColumn("_metadata").getField("file_name").as(ManifestTable.FILE),
            all.metadataColumn("_metadata").getField("file_block_start").as(ManifestTable.BLOCK),
            monotonically_increasing_id().as(ManifestTable.NUMBER),
            mayBeMalformed ? column(MALFORMED) : noText,
            column(path).cast("string"),
            bytes == null ? noNumber : bytes,
            bytes == null ? noText : wrong(bytes),
            modified == null ? noNumber : modified,
            others.length == 0 ? noText : struct(others).as("manifest"));
    return new ManifestTable(
        inOrder(rows),
        others.length == 0
            ? null
            : (StructType) rows.schema().apply(ManifestTable.OTHERS).dataType(),
        bytes != null);
  }

  /** Refuses a manifest that has this class's own column, with values of another type. */
  private void requireOwn(StructType schema) {
    for (StructField field : schema.fields()) {
      if (field.name().equals(MALFORMED) && !field.dataType().equals(DataTypes.StringType)) {
        throw new FramesException(
            "frames.manifest",
            "the manifest %s has a column %s, a name that is not free; rename it"
                .formatted(name, MALFORMED));
      }
    }
  }

  private Dataset<Row> load() {
    String[] paths = files.paths().toArray(String[]::new);
    DataFrameReader reader =
        Readers.literal(spark)
            .format(files.format().sparkName)
            .option("columnNameOfCorruptRecord", MALFORMED);
    return switch (files.format()) {
      case PARQUET -> reader.option("mergeSchema", paths.length > 1).load(paths);
      case JSON -> reader.option("multiLine", files.dialect().multiLine()).load(paths);
      case CSV, TSV -> {
        DataFrameReader csv =
            reader
                .option("header", true)
                // Several files: reads the header of each. Spark renames headers that are empty
                // or double, and would refuse its own names.
                .option("enforceSchema", paths.length == 1)
                .option("sep", String.valueOf(files.dialect().separator()))
                .option("multiLine", files.dialect().multiLine())
                .option("escape", String.valueOf(files.dialect().escape()))
                // Quoted cells keep their spaces.
                .option("ignoreLeadingWhiteSpace", true)
                .option("ignoreTrailingWhiteSpace", true);
        StructType header = csv.load(paths).schema();
        yield header.isEmpty()
            ? spark.createDataFrame(List.of(), header)
            : csv.schema(header.add(MALFORMED, DataTypes.StringType)).load(paths);
      }
    };
  }

  /** Returns the name of the column with the paths, as the manifest spells it. */
  private String path(StructType schema, List<String> columns) {
    if (columns.isEmpty()) {
      throw new FramesException(
          "frames.manifest",
          schema.isEmpty()
              ? "the manifest %s is empty".formatted(name)
              : "the manifest %s has no well-formed row; each one is an object, such as {\"path\": \"a.jpg\"}"
                  .formatted(name));
    }
    String path = columns.contains(pathColumn) ? pathColumn : spelledOtherwise(columns);
    DataType type = schema.apply(path).dataType();
    if (type instanceof StructType && files.format() == ManifestFiles.Format.JSON) {
      throw new FramesException(
          "frames.manifest",
          "the manifest %s is written by columns; write it by rows, with pandas by to_json(..., orient='records', lines=True)"
              .formatted(name));
    }
    if (!type.equals(DataTypes.StringType) && !type.equals(DataTypes.BinaryType)) {
      throw new FramesException(
          "frames.manifest-column",
          "the manifest %s has no text in its column %s, but %s; choose the column with the paths"
              .formatted(name, path, type.simpleString()));
    }
    return path;
  }

  private String spelledOtherwise(List<String> columns) {
    List<String> alike =
        columns.stream().filter(c -> c.strip().equalsIgnoreCase(pathColumn)).toList();
    if (alike.size() == 1) {
      return alike.get(0);
    }
    // Spark numbers the columns of a CSV file that have the same name.
    long numbered =
        IntStream.range(0, columns.size())
            .filter(i -> columns.get(i).equalsIgnoreCase(pathColumn + i))
            .count();
    if (numbered > 1) {
      throw new FramesException(
          "frames.manifest",
          "the manifest %s has %d columns of the name %s; rename all but one"
              .formatted(name, numbered, pathColumn));
    }
    throw new FramesException(
        "frames.manifest-column",
        "the manifest %s has no column %s; it has %s; choose the column with the paths"
            .formatted(name, pathColumn, String.join(", ", columns)));
  }

  /** Returns the lengths as integers, null if invalid; null if no column has lengths. */
  private @Nullable Column bytes(Dataset<Row> all) {
    DataType type = typeOf(all, LENGTH);
    if (type == null) {
      return null;
    }
    Column number = expr("try_cast(`length` AS BIGINT)");
    if (isNumber(type)) {
      return expr("if(`length` = floor(`length`), try_cast(`length` AS BIGINT), NULL)");
    }
    boolean ofNumbers =
        type.equals(DataTypes.StringType) && firstOf(all, LENGTH, number.isNotNull());
    return ofNumbers ? number : null;
  }

  private static Column wrong(Column bytes) {
    Column text = column(LENGTH).cast("string");
    return when(bytes.isNull().and(text.notEqual("NaN")).or(bytes.lt(0)), text);
  }

  /** Returns the modification times in epoch milliseconds; null if no column has them. */
  private @Nullable Column modified(Dataset<Row> all) {
    DataType type = typeOf(all, MODIFIED_AT);
    if (type == null) {
      return null;
    }
    // DIV takes no text on Spark 3.5: each operand is a BIGINT.
    Column millis =
        expr(
            """
            CASE WHEN try_cast(`modified_at` AS BIGINT) > 1e17
                 THEN try_cast(`modified_at` AS BIGINT) DIV 1000000
                 WHEN try_cast(`modified_at` AS BIGINT) > 1e14
                 THEN try_cast(`modified_at` AS BIGINT) DIV 1000
                 ELSE try_cast(`modified_at` AS BIGINT) END
            """);
    Column time = expr("unix_millis(try_cast(`modified_at` AS TIMESTAMP))");
    if (isNumber(type)) {
      return millis;
    }
    if (type.typeName().startsWith("timestamp") || type.equals(DataTypes.DateType)) {
      return time;
    }
    Column either = coalesce(millis, time);
    boolean ofTimes =
        type.equals(DataTypes.StringType) && firstOf(all, MODIFIED_AT, either.isNotNull());
    return ofTimes ? either : null;
  }

  /** Returns whether the first value of a column fulfills a condition; false without values. */
  private static boolean firstOf(Dataset<Row> all, String column, Column condition) {
    List<Row> first =
        all.where(column(column).isNotNull()).select(column(column), condition).takeAsList(1);
    return !first.isEmpty() && first.get(0).getBoolean(1);
  }

  private static @Nullable DataType typeOf(Dataset<Row> all, String column) {
    return Arrays.asList(all.columns()).contains(column)
        ? all.schema().apply(column).dataType()
        : null;
  }

  private static boolean isNumber(DataType type) {
    return type instanceof NumericType;
  }

  /** Returns the column of this name, quoted, because names may contain dots. */
  private static Column column(String name) {
    return col("`" + name.replace("`", "``") + "`");
  }

  /** Returns the rows in file order; a file that one task reads needs no shuffle. */
  private static Dataset<Row> inOrder(Dataset<Row> found) {
    Dataset<Row> rows = found.rdd().getNumPartitions() > 1 ? found : found.coalesce(1);
    return rows.orderBy(ManifestTable.FILE, ManifestTable.BLOCK, ManifestTable.NUMBER);
  }
}
