package io.tandem.run;

import io.tandem.postprocess.Postprocessors;
import io.tandem.postprocess.Prediction;
import io.tandem.postprocess.Result;
import io.tandem.postprocess.ResultColumn;
import io.tandem.run.Columns.Column;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/** Maps the results of a task type to columns with Spark types. */
final class ResultCells {
  private static final DataType LABEL =
      new StructType().add("label", DataTypes.StringType).add("probability", DataTypes.FloatType);

  private static final List<ResultColumn> COLUMNS = Postprocessors.columns();

  private ResultCells() {}

  /**
   * Returns the result columns of a table.
   *
   * @param cells returns the cells of a row's source value, in the order of the columns
   * @param <T> the type of the source value
   */
  static <T> List<Column<T>> columns(Function<T, List<@Nullable Object>> cells) {
    return IntStream.range(0, COLUMNS.size())
        .mapToObj(
            i ->
                new Column<T>(
                    COLUMNS.get(i).name(),
                    type(COLUMNS.get(i).type()),
                    from -> cells.apply(from).get(i)))
        .toList();
  }

  private static DataType type(ResultColumn.Type type) {
    return switch (type) {
      case TEXT -> DataTypes.StringType;
      case FLOAT -> DataTypes.FloatType;
      case LABELS -> DataTypes.createArrayType(LABEL);
    };
  }

  /**
   * Returns the cells of a result, in the order of the columns.
   *
   * @param result null for a failed frame: its labels are empty, its other cells null
   */
  static List<@Nullable Object> of(@Nullable Result result) {
    @Nullable Object[] cells = new Object[COLUMNS.size()];
    if (result != null) {
      result.write((column, value) -> cells[column] = cell(COLUMNS.get(column).type(), value));
    }
    for (int i = 0; i < cells.length; i++) {
      if (cells[i] == null && COLUMNS.get(i).type() == ResultColumn.Type.LABELS) {
        cells[i] = new Row[0];
      }
    }
    return Arrays.asList(cells);
  }

  private static Object cell(ResultColumn.Type type, Object value) {
    return type == ResultColumn.Type.LABELS ? labels((List<?>) value) : value;
  }

  private static Row[] labels(List<?> labels) {
    Row[] rows = new Row[labels.size()];
    for (int i = 0; i < rows.length; i++) {
      Prediction one = (Prediction) labels.get(i);
      rows[i] = RowFactory.create(one.label(), one.probability());
    }
    return rows;
  }
}
