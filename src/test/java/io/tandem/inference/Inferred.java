package io.tandem.inference;

import io.tandem.Call;
import io.tandem.RunReader;
import io.tandem.Tandem;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;

/** Runs {@code infer} in this JVM, and finds its rows by the frames' names. */
final class Inferred {
  private Inferred() {}

  static Call infer(Path frames, Path out, String... pairs) {
    return Tandem.infer().frames(frames).output(out).set(pairs).run();
  }

  /** Returns name, label and error of each row by the name: the last part of its path. */
  static Map<String, Row> byName(Path out) {
    return new RunReader(out)
        .predictions("SELECT substring_index(path, '/', -1), label, error FROM rows").stream()
            .collect(
                Collectors.toMap(row -> row.getString(0), row -> row, (a, b) -> a, TreeMap::new));
  }

  static String label(Map<String, Row> rows, String name) {
    return row(rows, name).getString(1);
  }

  static Row row(Map<String, Row> rows, String name) {
    return Objects.requireNonNull(rows.get(name), name);
  }
}
