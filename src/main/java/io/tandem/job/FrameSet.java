package io.tandem.job;

import io.tandem.frame.FrameFile;
import io.tandem.frame.FrameParts;
import io.tandem.report.DuplicatesCsv;
import io.tandem.report.Words;
import io.tandem.summary.Environment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/** The frames of a job, in their order, and what the manifest says, where one listed them. */
record FrameSet(List<FrameFile> frames, @Nullable FromManifest manifest) {

  /**
   * @param schema of the other columns; null where the manifest has none
   * @param columns a row a frame, by its index; empty where there are none
   * @param duplicates the rows that name a frame again
   */
  record FromManifest(
      Environment.Manifest told,
      @Nullable StructType schema,
      List<Row> columns,
      List<DuplicatesCsv.Duplicate> duplicates) {}

  static FrameSet listed(List<FrameFile> frames) {
    return new FrameSet(frames, null);
  }

  int size() {
    return frames.size();
  }

  /** How many of them are there, as far as one knows. */
  long present() {
    return frames.stream().filter(frame -> !frame.missing()).count();
  }

  /** "100 frames", or "100 frames of cameras.csv". */
  String phrase() {
    String count = Words.count(size(), "frame");
    return manifest == null
        ? count
        : count + " of " + manifest.told().path().replaceFirst(".*/(?=[^/])", "");
  }

  /** Of each row of {@code predictions/}. */
  StructType rowSchema() {
    return PredictionRow.schema(manifest == null ? null : manifest.schema());
  }

  /** One for each lane, of about the same number of bytes. */
  List<FramePart> balanced(int parts) {
    return FrameParts.balanced(frames, parts).stream().map(this::part).toList();
  }

  /** With what the manifest says of these frames. */
  FramePart part(List<FrameFile> of) {
    if (manifest == null || manifest.schema() == null) {
      return new FramePart(of, Map.of());
    }
    Map<Integer, Row> columns = new HashMap<>();
    for (FrameFile frame : of) {
      columns.put(frame.index(), manifest.columns().get(frame.index()));
    }
    return new FramePart(of, columns);
  }

  /** Writes which rows of the manifest were left out, where there are such. */
  void writeDuplicates(RunFolder run) {
    if (manifest != null && !manifest.duplicates().isEmpty()) {
      run.write("duplicates.csv", DuplicatesCsv.of(manifest.duplicates()));
    }
  }
}
