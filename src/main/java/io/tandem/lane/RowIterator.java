package io.tandem.lane;

import java.util.Iterator;
import org.apache.spark.sql.Row;

/**
 * Converts Java iterators of rows to Scala iterators, for both Scala versions, whose converters
 * differ.
 */
public final class RowIterator {
  private RowIterator() {}

  /** Returns the rows as a Scala iterator. */
  public static scala.collection.Iterator<Row> of(Iterator<Row> rows) {
    return new scala.collection.AbstractIterator<Row>() {
      @Override
      public boolean hasNext() {
        return rows.hasNext();
      }

      @Override
      public Row next() {
        return rows.next();
      }
    };
  }
}
