package io.tandem.sink;

import static org.apache.spark.sql.functions.base64;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.to_json;
import static org.apache.spark.sql.functions.translate;

import io.tandem.conf.ResultFormat;
import io.tandem.run.RunFolder;
import io.tandem.source.FullDisk;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The folder {@code results/} of a run: a subfolder of files for each chunk, which a mark in {@code
 * _chunks/} commits when it is complete.
 */
final class ResultFiles implements ChunkTarget {
  /** The folder, relative to the run folder. */
  static final String FOLDER = "results";

  private static final Map<String, String> NULL_FIELDS = Map.of("ignoreNullFields", "false");

  /** As RFC 4180 has it; Spark would escape quotes by a backslash, and trim texts. */
  private static final Map<String, String> CSV =
      Map.of(
          "header", "true",
          "escape", "\"",
          "ignoreLeadingWhiteSpace", "false",
          "ignoreTrailingWhiteSpace", "false");

  private final RunFolder run;
  private final ResultFormat format;

  ResultFiles(RunFolder run, ResultFormat format) {
    this.run = run;
    this.format = format;
  }

  @Override
  public Set<Integer> chunks() {
    return run.files(marks()).stream()
        .filter(name -> name.matches("\\d{1,9}"))
        .map(Integer::valueOf)
        .collect(Collectors.toSet());
  }

  @Override
  public void append(int chunk, Dataset<Row> results) {
    String folder = folder(chunk);
    run.delete(folder); // What a killed process left of it.
    String path = run.path(folder);
    Dataset<Row> rows = format == ResultFormat.CSV ? flat(results) : results;
    FullDisk.writing(
        path,
        () ->
            rows.write()
                .option("mapreduce.fileoutputcommitter.marksuccessfuljobs", true)
                .options(options())
                .format(format.toString())
                .save(path));
    run.write(mark(chunk), "");
  }

  @Override
  public void remove(int chunk) {
    run.delete(mark(chunk));
    run.delete(folder(chunk));
  }

  @Override
  public String name() {
    return FOLDER + "/";
  }

  private Map<String, String> options() {
    return switch (format) {
      case JSON -> NULL_FIELDS;
      case CSV -> CSV;
      case PARQUET, ORC -> Map.of();
    };
  }

  private static Dataset<Row> flat(Dataset<Row> results) {
    return results.select(
        Stream.of(results.schema().fields()).map(ResultFiles::flat).toArray(Column[]::new));
  }

  private static Column flat(StructField field) {
    Column column = col(field.name());
    if (field.dataType() instanceof BinaryType) {
      // Some versions of Spark break lines.
      return translate(base64(column), "\r\n", "").as(field.name());
    }
    boolean isNested =
        field.dataType() instanceof StructType
            || field.dataType() instanceof ArrayType
            || field.dataType() instanceof MapType;
    return isNested ? to_json(column, NULL_FIELDS).as(field.name()) : column;
  }

  private static String folder(int chunk) {
    return "%s/chunk=%05d".formatted(FOLDER, chunk);
  }

  private String marks() {
    return "%s/%s".formatted(ChunkLog.FOLDER, format);
  }

  private String mark(int chunk) {
    return "%s/%d".formatted(marks(), chunk);
  }
}
