package io.tandem.source;

import io.tandem.spark.Session;
import io.tandem.text.Words;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/** The frames of a job in order, to be divided into splits; on the driver or on the executors. */
public interface FramePlan {
  /** Returns the number of frames. */
  int size();

  /** Returns the number of frames that are not known to be missing. */
  long present();

  /** Returns the number of frames of videos, with the rows that stand for unreadable ones. */
  long videoFrames();

  /** Returns the length of all frames, in bytes. */
  long bytes();

  /** Returns the description of the manifest; null if there is none. */
  @Nullable ManifestInfo manifest();

  /**
   * Some consecutive frames.
   *
   * @param splits one partition for each split, in frame order; computed lazily
   */
  record Chunk(int frames, Dataset<FrameSplit> splits) {}

  /**
   * Returns the splits in chunks. Neither a chunk nor a split ends in the middle of a video's
   * segment.
   *
   * @param chunkSize the number of frames of a chunk; the last may have fewer, and each as many
   *     more as its last segment has
   * @param sizes divides a chunk into splits
   */
  Iterator<Chunk> chunks(Session session, int chunkSize, SplitSizes sizes);

  /** Collects all frames to the driver. */
  default FrameSet collect() {
    return collect(Integer.MAX_VALUE);
  }

  /** Collects the first frames to the driver, at most {@code most}. */
  FrameSet collect(int most);

  /**
   * Returns the frames as a table (frame_index INT, path STRING, pts_us BIGINT, length BIGINT,
   * modified_ms BIGINT), as {@code predictions/} has them.
   */
  Dataset<Row> table(Session session);

  /**
   * Returns some of the frames, in the same order and with the same indexes.
   *
   * @param indexes those frames, as a table whose first column is (frame_index INT)
   */
  FramePlan only(Dataset<Row> indexes);

  /** Returns the same frames, without gaps, with indexes from {@code first} on. */
  FramePlan from(int first);

  /** Returns the types of the manifest's other columns; null if there are none. */
  default @Nullable StructType columns() {
    ManifestInfo manifest = manifest();
    return manifest == null ? null : manifest.columns();
  }

  /** Returns the duplicate rows of the manifest; empty if there is none. */
  default List<ManifestInfo.Duplicate> duplicates() {
    ManifestInfo manifest = manifest();
    return manifest == null ? List.of() : manifest.duplicates();
  }

  /** Returns a phrase like "100 frames" or "100 frames of cameras.csv". */
  default String phrase() {
    ManifestInfo manifest = manifest();
    String count = Words.count(size(), "frame");
    return manifest == null ? count : count + " of " + manifest.fileName();
  }

  /** Divides a number of consecutive frames into splits. */
  interface SplitSizes {
    /** Returns the sizes of the splits in order; they add up to {@code frames}. */
    int[] of(int frames);
  }
}
