package io.tandem.follow;

import io.tandem.run.RunFolder;
import io.tandem.spark.Readers;
import io.tandem.spark.Session;
import io.tandem.text.RunJson;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;

/**
 * The numbered lists of the files that a run has taken, from 1 on. A list is complete on its file
 * system before Spark's checkpoint names it, and never changes: whoever reads it again finds the
 * same files.
 */
public final class ArrivalLists {
  private static final String FOLDER = "_follow/lists";

  private final RunFolder run;

  /** Opens the lists of a run, of which a new one has none. */
  public ArrivalLists(RunFolder run) {
    this.run = run;
  }

  /** Returns the number of the last list; 0 if there is none. */
  long last() {
    List<String> names =
        run.files(FOLDER).stream().filter(name -> name.matches("\\d+\\.json")).toList();
    return names.isEmpty() ? 0 : Long.parseLong(names.get(names.size() - 1).replace(".json", ""));
  }

  /** Writes the next list. */
  void write(long number, List<ArrivedFile> files) {
    run.newFile(name(number))
        .writeWhole(
            files.stream().map(ArrivedFile::json).collect(Collectors.joining("\n", "", "\n")));
  }

  /** Returns the files of a list. */
  public List<ArrivedFile> read(long number) {
    return run.read(name(number)).lines().map(ArrivalLists::file).toList();
  }

  /** Returns the files of all lists, in no order; there is one at least. */
  Iterator<ArrivedFile> all(Session session) {
    Iterator<Row> rows =
        Readers.literal(session.spark())
            .schema(ArrivedFile.SCHEMA)
            .json(run.path(FOLDER))
            .toLocalIterator();
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return rows.hasNext();
      }

      @Override
      public ArrivedFile next() {
        Row row = rows.next();
        return new ArrivedFile(row.getString(0), row.getLong(1), row.getLong(2));
      }
    };
  }

  private static ArrivedFile file(String line) {
    return RunJson.read(line, ArrivedFile.class);
  }

  private static String name(long number) {
    return "%s/%010d.json".formatted(FOLDER, number);
  }
}
