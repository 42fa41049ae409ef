package io.tandem.sink;

import io.tandem.run.RunFolder;
import io.tandem.spark.Readers;
import io.tandem.text.RunJson;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * The numbered chunks of a run: which files of {@code predictions/} each of them has. A chunk is
 * written down before it goes anywhere, so that whoever resumes the run finds the same rows under
 * the same number.
 */
final class ChunkLog {
  /** The folder of the chunks, relative to the run folder. */
  static final String FOLDER = "_chunks";

  private static final String FILES = FOLDER + "/files";

  private final RunFolder run;

  ChunkLog(RunFolder run) {
    this.run = run;
  }

  /**
   * A chunk.
   *
   * @param chunk its number, from 1
   * @param files the names of its files in {@code predictions/}; none if all of its rows were
   *     replaced
   */
  record Chunk(int chunk, List<String> files) {
    Chunk {
      files = List.copyOf(files);
    }
  }

  /** Returns the chunks, in no order. */
  List<Chunk> read(SparkSession spark) {
    if (run.files(FILES).stream().noneMatch(name -> name.endsWith(".json"))) {
      return List.of();
    }
    return Readers.literal(spark)
        .schema("chunk INT, files ARRAY<STRING>")
        .json(run.path(FILES))
        .where("chunk IS NOT NULL AND files IS NOT NULL")
        .collectAsList()
        .stream()
        .map(ChunkLog::chunk)
        .toList();
  }

  private static Chunk chunk(Row row) {
    return new Chunk(row.getInt(0), row.getList(1));
  }

  /** Writes a chunk, in place of a former one of its number. */
  void write(Chunk chunk) {
    run.newFile("%s/%06d.json".formatted(FILES, chunk.chunk))
        .writeWhole(RunJson.line(chunk) + "\n");
  }
}
