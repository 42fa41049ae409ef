package io.tandem.run;

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
                    columns.get(i).name(), type(columns.get(i)), from -> cells.apply(from).get(i)))
        .toList();
  }

  private static DataType type(ResultColumn column) {
    return switch (column.kind()) {
      case TEXT -> DataTypes.StringType;
      case INT -> DataTypes.IntegerType;
      case LONG -> DataTypes.LongType;
      case FLOAT -> DataTypes.FloatType;
      case FLOATS -> DataTypes.createArrayType(DataTypes.FloatType);
      case INTS -> DataTypes.createArrayType(DataTypes.IntegerType);
      case BYTES -> DataTypes.BinaryType;
      case ROWS -> {
        StructType element = new StructType();
        for (ResultColumn field : column.fields()) {
          element = element.add(field.name(), type(field));
        }
        yield DataTypes.createArrayType(element);
      }
    };
  }

  /**
   * Returns the cells of a result, in the order of the columns.
   *
   * @param result null for a frame that failed, or whose result is not recorded
   * @param isFailed whether the frame failed: its lists of rows are empty, not null
   */
  List<@Nullable Object> of(@Nullable Result result, boolean isFailed) {
    @Nullable Object[] cells = new Object[columns.size()];
    if (result != null) {
      result.write((column, value) -> cells[column] = cell(columns.get(column), value));
    }
    for (int i = 0; i < cells.length; i++) {
      if (isFailed && cells[i] == null && columns.get(i).kind() == ResultColumn.Kind.ROWS) {
        cells[i] = new Row[0];
      }
    }
    return Arrays.asList(cells);
  }

  private static Object cell(ResultColumn column, Object value) {
    return column.kind() == ResultColumn.Kind.ROWS
        ? ((List<?>) value)
            .stream().map(element -> row(column, (List<?>) element)).toArray(Row[]::new)
        : value;
  }

  private static Row row(ResultColumn column, List<?> element) {
    Object[] cells = new Object[element.size()];
    for (int i = 0; i < cells.length; i++) {
      cells[i] = cell(column.fields().get(i), element.get(i));
    }
    return RowFactory.create(cells);
  }

  /**
   * Returns the reader of a row that has these columns only.
   *
   * @param files reads a file of the run
   */
  ResultReader reader(Row row, Function<String, byte[]> files) {
    return new ResultReader() {
      @Override
      public @Nullable Object get(int column) {
        return value(columns.get(column), row, column);
      }

      @Override
      public byte[] file(String path) {
        return files.apply(path);
      }
    };
  }

  private static @Nullable Object value(ResultColumn column, Row row, int at) {
    if (row.isNullAt(at)) {
      return null;
    }
    return switch (column.kind()) {
      case ROWS -> row.<Row>getList(at).stream().map(element -> elements(column, element)).toList();
      case FLOATS -> floats(row.getList(at));
      case INTS -> row.<Integer>getList(at).stream().mapToInt(Integer::intValue).toArray();
      default -> row.get(at);
    };
  }

  private static List<@Nullable Object> elements(ResultColumn column, Row element) {
    return IntStream.range(0, element.length())
        .<@Nullable Object>mapToObj(i -> value(column.fields().get(i), element, i))
        .toList();
  }

  private static float[] floats(List<Float> list) {
    float[] values = new float[list.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = list.get(i);
    }
    return values;
  }
}
