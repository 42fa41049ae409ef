package io.tandem.run;

import io.tandem.postprocess.Result;
import io.tandem.postprocess.ResultAgreement;
import io.tandem.postprocess.ResultColumn;
import io.tandem.postprocess.ResultTable;
import io.tandem.postprocess.TaskType;
import io.tandem.postprocess.TaskTypes;
import io.tandem.spark.Session;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.spark.SparkEnv;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/** SQL functions over the results of a task type, as structs of its columns; null for a failure. */
final class ResultFunctions {
  private static final String DESCRIBE = "describe_result";
  private static final String CERTAINTY = "certainty_of_result";
  private static final String AGREE = "results_agree";

  private static final StructType AGREEMENT =
      new StructType().add("same", DataTypes.BooleanType).add("difference", DataTypes.DoubleType);

  private final ResultTable table;

  private ResultFunctions(ResultTable table) {
    this.table = table;
  }

  /**
   * Registers the functions in a SQL session.
   *
   * @param tie the difference of two scores below which the baseline itself is undecided
   * @param run the run folder, with its scheme, for results that lie in files
   */
  static ResultFunctions register(SparkSession spark, TaskType taskType, double tie, String run) {
    spark.udf().register(DESCRIBE, new Describe(taskType.name()), DataTypes.StringType);
    spark.udf().register(CERTAINTY, new Certainty(taskType.name()), DataTypes.FloatType);
    spark.udf().register(AGREE, new Agree(taskType.name(), tie, run), AGREEMENT);
    return new ResultFunctions(taskType);
  }

  /**
   * Returns an expression for the short description of a result; null for a failed frame.
   *
   * @param row the name of a row of predictions
   */
  String description(String row) {
    return "%s(%s)".formatted(DESCRIBE, result(row));
  }

  /**
   * Returns an expression for how certain a result is, from 0 to 1; null if it does not say.
   *
   * @param row the name of a row of predictions
   */
  String certainty(String row) {
    return "%s(%s)".formatted(CERTAINTY, result(row));
  }

  /**
   * Returns an expression for a struct of {@code same} and {@code difference}.
   *
   * @param own the name of a trial's row of predictions
   * @param base the name of the baseline's row
   */
  String agreement(String own, String base) {
    return "%s(%s, %s)".formatted(AGREE, result(own), result(base));
  }

  /**
   * Returns an expression for a result as a struct of its columns; null for a failed frame, and for
   * one whose result is not recorded.
   *
   * @param row the name of a row of predictions
   */
  String result(String row) {
    return table.columns().stream()
        .map(ResultColumn::name)
        .map(name -> "%s.`%s`".formatted(row, name))
        .collect(Collectors.joining(", ", "IF(%s, struct(".formatted(isRecorded(row)), "), NULL)"));
  }

  /**
   * Returns a condition: whether a frame has a result that was recorded.
   *
   * @param row the name of a row of predictions
   */
  String isRecorded(String row) {
    return table.columns().stream()
        .map(column -> "%s.`%s` IS NOT NULL".formatted(row, column.name()))
        .collect(Collectors.joining(" OR ", "(%s.error IS NULL AND (".formatted(row), "))"));
  }

  private static @Nullable Result read(
      String taskType, @Nullable Row row, Function<String, byte[]> files) {
    ResultTable table = TaskTypes.named(taskType);
    return row == null ? null : table.read(new ResultCells(table.columns()).reader(row, files));
  }

  private record Describe(String taskType) implements UDF1<@Nullable Row, @Nullable String> {
    @Override
    public @Nullable String call(@Nullable Row row) {
      Result result = read(taskType, row, path -> new byte[0]);
      return result == null ? null : result.describe();
    }
  }

  private record Certainty(String taskType) implements UDF1<@Nullable Row, @Nullable Float> {
    @Override
    public @Nullable Float call(@Nullable Row row) {
      Result result = read(taskType, row, path -> new byte[0]);
      return result == null ? null : result.certainty();
    }
  }

  private record Agree(String taskType, double tie, String run)
      implements UDF2<@Nullable Row, @Nullable Row, Row> {
    @Override
    public Row call(@Nullable Row own, @Nullable Row base) {
      Result result = read(taskType, own, this::file);
      Result baseline = read(taskType, base, this::file);
      ResultAgreement agreement =
          result == null || baseline == null
              ? ResultAgreement.OF_A_FAILURE
              : TaskTypes.named(taskType).agreement(result, baseline, tie);
      return RowFactory.create(agreement.same(), agreement.difference());
    }

    private byte[] file(String path) {
      return RunFolder.existing(run, Session.hadoop(SparkEnv.get().conf())).readBytes(path);
    }
  }
}
