package io.tandem.source;

import java.io.Serializable;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;

/**
 * The frames of one task, and by their index what the manifest's other columns say of them; {@code
 * columns} is empty where there are none. The columns stay beside the frames: only Spark knows
 * their types, and nothing on a frame's way needs them.
 */
public record FrameSplit(List<Frame> frames, Map<Integer, Row> columns) implements Serializable {

  public @Nullable Row columnsOf(Frame frame) {
    return columns.get(frame.index());
  }
}
