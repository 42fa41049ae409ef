package io.tandem.run;

import java.util.List;
import java.util.function.Function;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * The columns of a table of a run. The schema and the rows are derived from this list, which alone
 * names the columns.
 *
 * @param <T> the source value of a row
 */
final class Columns<T> {
  private final List<Column<T>> columns;
  private final StructType schema;

  private Columns(List<Column<T>> columns) {
    this.columns = List.copyOf(columns);
    StructType all = new StructType();
    for (Column<T> column : columns) {
      all = all.add(column.name(), column.type());
    }
    this.schema = all;
  }

  /** A column: its name, its type, and the function from a source value to its cell. */
  record Column<T>(String name, DataType type, Function<T, @Nullable Object> cell) {}

  /** Creates a table of these columns, in this order. */
  static <T> Columns<T> of(List<Column<T>> columns) {
    return new Columns<>(columns);
  }

  /** Returns the same columns of a table whose rows have another source value. */
  <S> List<Column<S>> of(Function<S, T> part) {
    return columns.stream()
        .map(
            column ->
                new Column<S>(
                    column.name(), column.type(), from -> column.cell().apply(part.apply(from))))
        .toList();
  }

  /** Returns the schema of the table. */
  StructType schema() {
    return schema;
  }

  /** Returns the row of a source value. */
  Row row(T from) {
    return RowFactory.create(cells(from, 0));
  }

  /**
   * Returns the cells of a row.
   *
   * @param more the number of null cells to append
   */
  @Nullable Object[] cells(T from, int more) {
    @Nullable Object[] cells = new Object[columns.size() + more];
    for (int i = 0; i < columns.size(); i++) {
      cells[i] = columns.get(i).cell().apply(from);
    }
    return cells;
  }
}
