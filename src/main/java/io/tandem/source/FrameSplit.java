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
 * The unit of scheduling: frames that one lane works on, in their order.
 *
 * @param columns what the manifest's other columns say of a frame, by its index; empty if there are
 *     none. They stay beside the frames: only Spark knows their types, and the way of a frame does
 *     not need them.
 */
public record FrameSplit(List<Frame> frames, Map<Integer, Row> columns) implements Serializable {
  /** Encodes a split as one binary column. */
  public static final Encoder<FrameSplit> ENCODER = Encoders.javaSerialization(FrameSplit.class);

  public FrameSplit {
    frames = new ArrayList<>(frames); // Views of other lists cannot be serialized.
    columns = new HashMap<>(columns);
  }

  static Dataset<FrameSplit> dataset(Session session, JavaRDD<FrameSplit> splits) {
    return session.spark().createDataset(splits.rdd(), ENCODER);
  }

  /** Returns what the manifest's other columns say of a frame; null if there are none. */
  public @Nullable Row columnsOf(Frame frame) {
    return columns.get(frame.index());
  }
}
