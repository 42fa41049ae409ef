package io.tandem.source;

import io.tandem.spark.Session;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;

/**
 * The frames of a job in order, held by the driver.
 *
 * @param rows the values of the manifest's other columns, by frame index; empty if there are none
 */
public record FrameSet(List<Frame> frames, @Nullable ManifestInfo manifest, List<Row> rows)
    implements FramePlan {

  /** Creates a set of frames that no manifest lists. */
  public static FrameSet listed(List<Frame> frames) {
    return new FrameSet(frames, null, List.of());
  }

  @Override
  public int size() {
    return frames.size();
  }

  @Override
  public long present() {
    return frames.stream().filter(frame -> !frame.isUnreadable()).count();
  }

  @Override
  public long videoFrames() {
    return frames.stream().filter(Frame::isOfVideo).count();
  }

  @Override
  public long bytes() {
    return frames.stream().mapToLong(Frame::bytes).sum();
  }

  @Override
  public FrameSet collect(int most) {
    return size() <= most
        ? this
        : new FrameSet(
            frames.subList(0, most), manifest, rows.isEmpty() ? rows : rows.subList(0, most));
  }

  @Override
  public Iterator<Chunk> chunks(Session session, int chunkSize, SplitSizes sizes) {
    return FrameSplits.cut(frames, FrameSplits.even(size(), chunkSize)).stream()
        .map(chunk -> new Chunk(chunk.size(), splits(session, chunk, sizes)))
        .iterator();
  }

  @Override
  public Dataset<Row> table(Session session) {
    return session
        .spark()
        .createDataFrame(frames.stream().map(FrameTable::row).toList(), FrameTable.SCHEMA);
  }

  @Override
  public FrameSet only(Dataset<Row> indexes) {
    BitSet wanted = new BitSet();
    indexes.collectAsList().forEach(row -> wanted.set(row.getInt(0)));
    return new FrameSet(
        frames.stream().filter(frame -> wanted.get(frame.index())).toList(), manifest, rows);
  }

  @Override
  public FrameSet from(int first) {
    if (!rows.isEmpty()) {
      throw new UnsupportedOperationException("rows of a manifest are found by their indexes");
    }
    return listed(
        IntStream.range(0, frames.size()).mapToObj(i -> frames.get(i).at(first + i)).toList());
  }

  /**
   * Returns the first {@code most} frames, with those between and after that are known to be
   * missing.
   */
  public FrameSet first(int most) {
    int size = 0;
    for (int present = 0; size < frames.size(); size++) {
      boolean isPresent = !frames.get(size).isUnreadable();
      if (isPresent && present == most) {
        break;
      }
      present += isPresent ? 1 : 0;
    }
    return new FrameSet(
        frames.subList(0, size), manifest, rows.isEmpty() ? rows : rows.subList(0, size));
  }

  private Dataset<FrameSplit> splits(Session session, List<Frame> chunk, SplitSizes sizes) {
    List<FrameSplit> splits =
        FrameSplits.cut(chunk, sizes.of(chunk.size()), session.slots()).stream()
            .map(this::split)
            .toList();
    JavaRDD<FrameSplit> partitions = session.context().parallelize(splits, splits.size());
    return FrameSplit.dataset(session, partitions);
  }

  /** Returns one split for each lane, of about the same number of bytes. */
  public List<FrameSplit> balanced(int lanes) {
    return FrameSplits.balanced(frames, lanes).stream().map(this::split).toList();
  }

  /** Returns a split of these frames, with the values of the manifest's other columns. */
  FrameSplit split(List<Frame> some) {
    Map<Integer, Row> columns = new HashMap<>();
    if (!rows.isEmpty()) {
      some.forEach(frame -> columns.put(frame.index(), rows.get(frame.index())));
    }
    return new FrameSplit(some, columns);
  }
}
