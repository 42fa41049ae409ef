package io.tandem.source;

import io.tandem.spark.Session;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoder;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;

/**
 * The unit of scheduling: the frames that one lane processes, in order.
 *
 * @param columns the values of the manifest's other columns, by frame index; empty if there are
 *     none. They are kept apart from the frames, because inference does not need them.
 */
public record FrameSplit(List<Frame> frames, Map<Integer, Row> columns) implements Serializable {
  /** Encodes a split as one binary column. */
  public static final Encoder<FrameSplit> ENCODER = Encoders.javaSerialization(FrameSplit.class);

  public FrameSplit {
    frames = new ArrayList<>(frames); // Sublist views are not serializable.
    columns = new HashMap<>(columns);
  }

  static Dataset<FrameSplit> dataset(Session session, JavaRDD<FrameSplit> splits) {
    return session.spark().createDataset(splits.rdd(), ENCODER);
  }

  /** Returns the values of the manifest's other columns for a frame; null if there are none. */
  public @Nullable Row columnsOf(Frame frame) {
    return columns.get(frame.index());
  }
}
