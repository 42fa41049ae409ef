package io.tandem.run;

import io.tandem.postprocess.Result;
import io.tandem.postprocess.ResultAgreement;
import io.tandem.postprocess.ResultColumn;
import io.tandem.postprocess.ResultTable;
import io.tandem.postprocess.TaskType;
import io.tandem.postprocess.TaskTypes;
import java.util.stream.Collectors;
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
   */
  static ResultFunctions register(SparkSession spark, TaskType taskType, double tie) {
    spark.udf().register(DESCRIBE, new Describe(taskType.name()), DataTypes.StringType);
    spark.udf().register(AGREE, new Agree(taskType.name(), tie), AGREEMENT);
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
   * Returns an expression for a struct of {@code same} and {@code difference}.
   *
   * @param own the name of a trial's row of predictions
   * @param base the name of the baseline's row
   */
  String agreement(String own, String base) {
    return "%s(%s, %s)".formatted(AGREE, result(own), result(base));
  }

  private String result(String row) {
    return table.columns().stream()
        .map(ResultColumn::name)
        .map(name -> "%s.`%s`".formatted(row, name))
        .collect(
            Collectors.joining(", ", "IF(%s.error IS NULL, struct(".formatted(row), "), NULL)"));
  }

  private static @Nullable Result read(String taskType, @Nullable Row row) {
    ResultTable table = TaskTypes.named(taskType);
    return row == null ? null : table.read(new ResultCells(table.columns()).reader(row));
  }

  private record Describe(String taskType) implements UDF1<@Nullable Row, @Nullable String> {
    @Override
    public @Nullable String call(@Nullable Row row) {
      Result result = read(taskType, row);
      return result == null ? null : result.describe();
    }
  }

  private record Agree(String taskType, double tie)
      implements UDF2<@Nullable Row, @Nullable Row, Row> {
    @Override
    public Row call(@Nullable Row own, @Nullable Row base) {
      Result result = read(taskType, own);
      Result baseline = read(taskType, base);
      ResultAgreement agreement =
          result == null || baseline == null
              ? ResultAgreement.OF_A_FAILURE
              : TaskTypes.named(taskType).agreement(result, baseline, tie);
      return RowFactory.create(agreement.same(), agreement.difference());
    }
  }
}
