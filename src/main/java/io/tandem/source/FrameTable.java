package io.tandem.source;

import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;

/** The listed frames as a table, to be compared with the frames that a run has committed. */
final class FrameTable {
  /**
   * What tells a frame and its state; {@code length} in bytes, {@code modified_ms} of the epoch.
   */
  static final StructType SCHEMA =
      StructType.fromDDL(
          "frame_index INT, path STRING, pts_us BIGINT, length BIGINT, modified_ms BIGINT");

  private FrameTable() {}

  static Row row(Frame frame) {
    return RowFactory.create(
        frame.index(),
        frame.path(),
        frame.ref().ptsMicros(),
        frame.hasLength() ? frame.length() : null,
        frame.modifiedAtMillis());
  }
}
