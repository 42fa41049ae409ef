package io.tandem.source;

import io.tandem.spark.Session;
import io.tandem.spark.Sessions;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.Partitioner;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.rdd.PartitionPruningRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;
import org.jspecify.annotations.Nullable;
import scala.Tuple2;

/** The frames of a job, held by the executors: in memory, and on disk if memory is short. */
final class DistributedFrames implements FramePlan {
  /** The number of frames of a partition, unless each takes a request. */
  private static final int FRAMES_A_PARTITION = 50_000;

  private final JavaRDD<Listed> frames;
  private final Totals totals;
  private final int size;
  private final @Nullable ManifestInfo manifest;

  /** Whether the indexes are those of other frames, too, so that some are not there. */
  private final boolean hasGaps;

  private DistributedFrames(
      JavaRDD<Listed> frames,
      Totals totals,
      int size,
      @Nullable ManifestInfo manifest,
      boolean hasGaps) {
    this.frames = frames;
    this.totals = totals;
    this.size = size;
    this.manifest = manifest;
    this.hasGaps = hasGaps;
  }

  /** A frame, and the values of the manifest's other columns; null if there are none. */
  record Listed(Frame frame, @Nullable Row columns) implements Serializable {}

  private record Totals(long unreadable, long bytes, long videoFrames) implements Serializable {
    static final Totals NONE = new Totals(0, 0, 0);

    Totals with(Listed listed) {
      Frame frame = listed.frame();
      return plus(
          new Totals(frame.isUnreadable() ? 1 : 0, frame.bytes(), frame.isOfVideo() ? 1 : 0));
    }

    Totals plus(Totals other) {
      return new Totals(
          unreadable + other.unreadable, bytes + other.bytes, videoFrames + other.videoFrames);
    }
  }

  /** Returns a number of partitions for frames of which no more is to be found out. */
  static int partitions(int frames) {
    return (int) (((long) frames + FRAMES_A_PARTITION - 1) / FRAMES_A_PARTITION);
  }

  /**
   * Computes the frames, and holds them.
   *
   * @param size the number of frames
   */
  static DistributedFrames hold(JavaRDD<Listed> frames, int size) {
    JavaRDD<Listed> held = frames.persist(StorageLevel.MEMORY_AND_DISK_SER());
    Totals totals = held.aggregate(Totals.NONE, Totals::with, Totals::plus);
    return new DistributedFrames(held, totals, size, null, false);
  }

  /** Returns the same frames with the description of their manifest. */
  DistributedFrames with(@Nullable ManifestInfo info) {
    return new DistributedFrames(frames, totals, size, info, hasGaps);
  }

  @Override
  public int size() {
    return size;
  }

  /** Returns the frames, in order. */
  JavaRDD<Listed> frames() {
    return frames;
  }

  /** Returns the number of frames that are known to be unreadable. */
  long unreadable() {
    return totals.unreadable();
  }

  /** Returns at most the first {@code most} frames. */
  List<Frame> first(int most) {
    return frames.map(Listed::frame).take(most);
  }

  /** Returns the paths of at most {@code most} unreadable frames, the first ones. */
  List<String> firstUnreadable(int most) {
    return frames
        .filter(listed -> listed.frame().isUnreadable())
        .map(listed -> listed.frame().path())
        .take(most);
  }

  @Override
  public long present() {
    return size - totals.unreadable();
  }

  @Override
  public long videoFrames() {
    return totals.videoFrames();
  }

  @Override
  public long bytes() {
    return totals.bytes();
  }

  @Override
  public @Nullable ManifestInfo manifest() {
    return manifest;
  }

  @Override
  public FrameSet collect(int most) {
    List<Listed> all = size <= most ? frames.collect() : frames.take(most);
    boolean columns = !all.isEmpty() && all.get(0).columns() != null;
    return new FrameSet(
        all.stream().map(Listed::frame).toList(),
        manifest,
        columns ? all.stream().map(Listed::columns).toList() : List.of());
  }

  /** Groups the frames by split in one shuffle; each chunk reads its partitions of it. */
  @Override
  public Iterator<Chunk> chunks(Session session, int chunkSize, SplitSizes sizes) {
    Boundaries boundaries = totals.videoFrames() == 0 ? Boundaries.ANYWHERE : Boundaries.of(frames);
    int[] chunkStarts = boundaries.starts(0, size, FrameSplits.even(size, chunkSize));
    int chunks = chunkStarts.length;
    int[][] splitStarts = new int[chunks][];
    int[] firstSplit = new int[chunks + 1];
    for (int chunk = 0; chunk < chunks; chunk++) {
      int from = chunkStarts[chunk];
      int to = chunk + 1 < chunks ? chunkStarts[chunk + 1] : size;
      splitStarts[chunk] = boundaries.starts(from, to, sizes.of(to - from));
      firstSplit[chunk + 1] = firstSplit[chunk] + splitStarts[chunk].length;
    }
    SplitOf splitOf =
        new SplitOf(Arrays.stream(splitStarts).flatMapToInt(Arrays::stream).toArray());
    JavaRDD<FrameSplit> splits =
        placed().partitionBy(splitOf).values().mapPartitions(DistributedFrames::split);
    return IntStream.range(0, chunks)
        .mapToObj(
            chunk ->
                new Chunk(
                    (chunk + 1 < chunks ? chunkStarts[chunk + 1] : size) - chunkStarts[chunk],
                    pruned(session, splits, firstSplit[chunk], firstSplit[chunk + 1])))
        .iterator();
  }

  /** Returns the frames by their place among these frames, from 0. */
  private JavaPairRDD<Integer, Listed> placed() {
    return hasGaps
        ? frames
            .zipWithIndex()
            .mapToPair(placed -> new Tuple2<>(Math.toIntExact(placed._2()), placed._1()))
        : frames.mapToPair(listed -> new Tuple2<>(listed.frame().index(), listed));
  }

  @Override
  public Dataset<Row> table(Session session) {
    return Sessions.dataset(
        session.spark(), frames.map(listed -> FrameTable.row(listed.frame())), FrameTable.SCHEMA);
  }

  @Override
  public DistributedFrames only(Dataset<Row> indexes) {
    JavaPairRDD<Integer, Boolean> wanted =
        indexes.toJavaRDD().mapToPair(row -> new Tuple2<>(row.getInt(0), true));
    JavaRDD<Listed> some =
        frames
            .mapToPair(listed -> new Tuple2<>(listed.frame().index(), listed))
            .join(wanted)
            .map(pair -> pair._2()._1())
            .sortBy(listed -> listed.frame().index(), true, frames.getNumPartitions());
    JavaRDD<Listed> held = some.persist(StorageLevel.MEMORY_AND_DISK_SER());
    Totals someTotals = held.aggregate(Totals.NONE, Totals::with, Totals::plus);
    return new DistributedFrames(held, someTotals, Math.toIntExact(held.count()), manifest, true);
  }

  @Override
  public DistributedFrames from(int first) {
    JavaRDD<Listed> moved =
        placed()
            .map(
                placed ->
                    new Listed(placed._2().frame().at(first + placed._1()), placed._2().columns()));
    return new DistributedFrames(moved, totals, size, manifest, true);
  }

  private static Dataset<FrameSplit> pruned(
      Session session, JavaRDD<FrameSplit> splits, int from, int to) {
    return FrameSplit.dataset(
        session, PartitionPruningRDD.create(splits.rdd(), new Range(from, to)).toJavaRDD());
  }

  private static Iterator<FrameSplit> split(Iterator<Listed> listed) {
    List<Frame> frames = new ArrayList<>();
    Map<Integer, Row> columns = new HashMap<>();
    listed.forEachRemaining(
        one -> {
          frames.add(one.frame());
          Row row = one.columns();
          if (row != null) {
            columns.put(one.frame().index(), row);
          }
        });
    frames.sort(Comparator.comparingInt(Frame::index));
    return List.of(new FrameSplit(frames, columns)).iterator();
  }

  /** Selects the partitions of a chunk. */
  private static final class Range extends scala.runtime.AbstractFunction1<Object, Object>
      implements Serializable {
    private static final long serialVersionUID = 1L;
    private final int from;
    private final int to;

    Range(int from, int to) {
      this.from = from;
      this.to = to;
    }

    @Override
    public Object apply(Object partition) {
      int number = (Integer) partition;
      return from <= number && number < to;
    }
  }

  /** Assigns a frame to its split by its index. */
  private static final class SplitOf extends Partitioner {
    private static final long serialVersionUID = 1L;
    private final int[] starts;

    SplitOf(int[] starts) {
      this.starts = starts;
    }

    @Override
    public int numPartitions() {
      return starts.length;
    }

    @Override
    public int getPartition(Object index) {
      int at = Arrays.binarySearch(starts, (Integer) index);
      return at >= 0 ? at : -at - 2;
    }
  }
}
