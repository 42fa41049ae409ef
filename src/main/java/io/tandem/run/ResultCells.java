package io.tandem.run;

import io.tandem.postprocess.Prediction;
import io.tandem.postprocess.Result;
import io.tandem.postprocess.ResultColumn;
import io.tandem.postprocess.ResultReader;
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

  private final List<ResultColumn> columns;

  /** Creates the mapping of these columns. */
  ResultCells(List<ResultColumn> columns) {
    this.columns = columns;
  }

  /**
   * Returns the result columns of a table.
   *
   * @param cells returns the cells of a row's source value, in the order of the columns
   * @param <T> the type of the source value
   */
  <T> List<Column<T>> columns(Function<T, List<@Nullable Object>> cells) {
    return IntStream.range(0, columns.size())
        .mapToObj(
            i ->
                new Column<T>(
                    columns.get(i).name(),
                    type(columns.get(i).type()),
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
  List<@Nullable Object> of(@Nullable Result result) {
    @Nullable Object[] cells = new Object[columns.size()];
    if (result != null) {
      result.write((column, value) -> cells[column] = cell(columns.get(column).type(), value));
    }
    for (int i = 0; i < cells.length; i++) {
      if (cells[i] == null && columns.get(i).type() == ResultColumn.Type.LABELS) {
        cells[i] = new Row[0];
      }
    }
    return Arrays.asList(cells);
  }

  private static Object cell(ResultColumn.Type type, Object value) {
    return type == ResultColumn.Type.LABELS ? labels((List<?>) value) : value;
  }

  /** Returns the reader of a row that has these columns only, none of them null. */
  ResultReader reader(Row row) {
    return column ->
        columns.get(column).type() == ResultColumn.Type.LABELS
            ? row.<Row>getList(column).stream()
                .map(label -> new Prediction(label.getString(0), label.getFloat(1)))
                .toList()
            : row.get(column);
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
