package io.tandem.source;

import io.tandem.text.Words;
import io.tandem.trial.DuplicatesCsv;
import io.tandem.trial.Environment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/** The frames of a job, in their order, and what the manifest says, where one listed them. */
public record FrameSet(List<Frame> frames, @Nullable FromManifest manifest) {

  /**
   * @param schema of the other columns; null where the manifest has none
   * @param columns a row a frame, by its index; empty where there are none
   * @param duplicates the rows that name a frame again
   */
  public record FromManifest(
      Environment.Manifest told,
      @Nullable StructType schema,
      List<Row> columns,
      List<DuplicatesCsv.Duplicate> duplicates) {}

  public static FrameSet listed(List<Frame> frames) {
    return new FrameSet(frames, null);
  }

  public int size() {
    return frames.size();
  }

  /** How many of them are there, as far as one knows. */
  public long present() {
    return frames.stream().filter(frame -> !frame.missing()).count();
  }

  /** "100 frames", or "100 frames of cameras.csv". */
  public String phrase() {
    String count = Words.count(size(), "frame");
    return manifest == null
        ? count
        : count + " of " + manifest.told().path().replaceFirst(".*/(?=[^/])", "");
  }

  /** Returns the schema of the manifest's other columns; null where there are none. */
  public @Nullable StructType columns() {
    return manifest == null ? null : manifest.schema();
  }

  /** One for each lane, of about the same number of bytes. */
  public List<FrameSplit> balanced(int parts) {
    return FrameSplits.balanced(frames, parts).stream().map(this::part).toList();
  }

  /** With what the manifest says of these frames. */
  public FrameSplit part(List<Frame> of) {
    if (manifest == null || manifest.schema() == null) {
      return new FrameSplit(of, Map.of());
    }
    Map<Integer, Row> columns = new HashMap<>();
    for (Frame frame : of) {
      columns.put(frame.index(), manifest.columns().get(frame.index()));
    }
    return new FrameSplit(of, columns);
  }

  /** Returns the manifest's rows that name a frame again, and were left out. */
  public List<DuplicatesCsv.Duplicate> duplicates() {
    return manifest == null ? List.of() : manifest.duplicates();
  }
}
