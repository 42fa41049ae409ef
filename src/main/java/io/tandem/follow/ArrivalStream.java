package io.tandem.follow;

import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;
import org.apache.spark.sql.connector.read.streaming.MicroBatchStream;
import org.apache.spark.sql.connector.read.streaming.Offset;
import org.apache.spark.sql.connector.read.streaming.ReadLimit;
import org.apache.spark.sql.connector.read.streaming.SupportsTriggerAvailableNow;
import org.jspecify.annotations.Nullable;

/**
 * The numbers of the lists of arrived files, one list to a batch. An offset is the number of a
 * list: Spark's checkpoint names a list that is complete and never changes, so that a batch that is
 * replayed has the same files.
 */
final class ArrivalStream implements MicroBatchStream, SupportsTriggerAvailableNow {
  private final FollowedFolder folder;
  private final ArrivalLists lists;
  private final int most;

  /** The last list of an earlier process; Spark's checkpoint may not name it yet. */
  private final long known;

  /**
   * Creates the stream.
   *
   * @param most the number of files of a list, at most
   */
  ArrivalStream(FollowedFolder folder, ArrivalLists lists, int most) {
    this.folder = folder;
    this.lists = lists;
    this.most = most;
    this.known = lists.last();
  }

  private static final class ListOffset extends Offset {
    private final long list;

    ListOffset(long list) {
      this.list = list;
    }

    @Override
    public String json() {
      return Long.toString(list);
    }
  }

  /** The lists of a batch. */
  private record Lists(long after, long until) implements InputPartition {
    private static final long serialVersionUID = 1L;
  }

  private static final class Numbers implements PartitionReader<InternalRow> {
    private final long until;
    private long list;

    Numbers(Lists lists) {
      list = lists.after;
      until = lists.until;
    }

    @Override
    public boolean next() {
      list++;
      return list <= until;
    }

    @Override
    public InternalRow get() {
      return new GenericInternalRow(new Object[] {list});
    }

    @Override
    public void close() {}
  }

  private record Readers() implements PartitionReaderFactory {
    private static final long serialVersionUID = 1L;

    @Override
    public PartitionReader<InternalRow> createReader(InputPartition partition) {
      return new Numbers((Lists) partition);
    }
  }

  @Override
  public Offset initialOffset() {
    return new ListOffset(0);
  }

  @Override
  public Offset deserializeOffset(String json) {
    return new ListOffset(Long.parseLong(json));
  }

  @Override
  public void prepareForTriggerAvailableNow() {
    try {
      folder.prepareOnce();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Returns the next list if there are new files, which it writes. Otherwise null: Spark would make
   * an empty batch of the start.
   */
  @Override
  public @Nullable Offset latestOffset(Offset start, ReadLimit limit) {
    long next = ((ListOffset) start).list + 1;
    if (next > known) {
      var files = folder.next(most);
      if (files.isEmpty()) {
        return null;
      }
      lists.write(next, files);
      folder.taken(files);
    }
    return new ListOffset(next);
  }

  @Override
  public Offset latestOffset() {
    throw new UnsupportedOperationException("Spark asks with the start");
  }

  @Override
  public InputPartition[] planInputPartitions(Offset start, Offset end) {
    return new InputPartition[] {new Lists(((ListOffset) start).list, ((ListOffset) end).list)};
  }

  @Override
  public PartitionReaderFactory createReaderFactory() {
    return new Readers();
  }

  @Override
  public void commit(Offset end) {}

  @Override
  public void stop() {}
}
