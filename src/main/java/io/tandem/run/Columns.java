package io.tandem.run;

import java.util.List;
import java.util.function.Function;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * The columns of a table that a run leaves. This list alone names them: the schema and the rows are
 * made from it.
 *
 * @param <T> what a row is made from
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

  /** A column: its name, its type, and how its cell is made. */
  record Column<T>(String name, DataType type, Function<T, @Nullable Object> cell) {}

  /** Returns these columns, in their order. */
  static <T> Columns<T> of(List<Column<T>> columns) {
    return new Columns<>(columns);
  }

  /** Returns the schema of the table. */
  StructType schema() {
    return schema;
  }

  /** Returns the row that is made from this value. */
  Row row(T from) {
    return RowFactory.create(cells(from, 0));
  }

  /**
   * Returns the cells of a row.
   *
   * @param more how many empty cells follow the last column's
   */
  @Nullable Object[] cells(T from, int more) {
    @Nullable Object[] cells = new Object[columns.size() + more];
    for (int i = 0; i < columns.size(); i++) {
      cells[i] = columns.get(i).cell().apply(from);
    }
    return cells;
  }
}
