package io.tandem.source;

import io.tandem.spark.Session;
import io.tandem.text.Words;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/** The frames of a job in their order, which splits are made of. The driver may not hold them. */
public interface FramePlan {
  /** Returns the number of frames. */
  int size();

  /** Returns the number of frames that are not known to be missing. */
  long present();

  /** Returns the bytes of all frames together. */
  long bytes();

  /** Returns what the manifest says beside its frames; null if no manifest lists them. */
  @Nullable ManifestInfo manifest();

  /**
   * Returns the splits chunk by chunk. A chunk is a dataset with a partition for each split, in the
   * order of the frames; each is computed when it is used.
   *
   * @param chunkSize the frames of a chunk; the last may have fewer
   * @param sizes divides a chunk into splits
   */
  Iterator<Dataset<FrameSplit>> chunks(Session session, int chunkSize, SplitSizes sizes);

  /** Collects all frames to the driver. */
  FrameSet collect();

  /** Returns the types of the manifest's other columns; null if there are none. */
  default @Nullable StructType columns() {
    ManifestInfo manifest = manifest();
    return manifest == null ? null : manifest.columns();
  }

  /** Returns the manifest's rows that name a frame again. */
  default List<ManifestInfo.Duplicate> duplicates() {
    ManifestInfo manifest = manifest();
    return manifest == null ? List.of() : manifest.duplicates();
  }

  /** Returns a phrase such as "100 frames" or "100 frames of cameras.csv". */
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
