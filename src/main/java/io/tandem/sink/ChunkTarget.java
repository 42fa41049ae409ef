package io.tandem.sink;

import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** A place that gets the results of a run chunk by chunk, each by one commit. */
interface ChunkTarget {
  /** Returns the numbers of the chunks that are committed. */
  Set<Integer> chunks();

  /**
   * Commits a chunk that is not committed: all of its rows, or none.
   *
   * @throws RuntimeException if it fails, with the cause
   */
  void append(int chunk, Dataset<Row> results);

  /** Removes a chunk; it is then not committed. */
  void remove(int chunk);

  /** Returns its name as people know it. */
  String name();
}
