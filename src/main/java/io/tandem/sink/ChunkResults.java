package io.tandem.sink;

import io.tandem.conf.ResultFormat;
import io.tandem.conf.ResultOutput;
import io.tandem.model.ModelSpec;
import io.tandem.run.PredictionTable;
import io.tandem.run.RunFolder;
import io.tandem.sink.ChunkLog.Chunk;
import io.tandem.spark.Readers;
import io.tandem.spark.Session;
import io.tandem.text.Words;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * The results of a run in the other format and in the table that it was asked for: the committed
 * rows of {@code predictions/} without the columns that say where and when. A chunk is what one
 * commit to {@code predictions/} has added; it is one commit of each target too.
 */
public final class ChunkResults {
  private static final String PREDICTIONS = "predictions";

  private final SparkSession spark;
  private final RunFolder run;
  private final StructType schema;
  private final List<String> columns;
  private final List<ChunkTarget> targets;
  private final ChunkLog log;
  private final Set<String> known = new HashSet<>();
  private int last;

  private ChunkResults(
      SparkSession spark,
      RunFolder run,
      StructType schema,
      List<String> columns,
      List<ChunkTarget> targets) {
    this.spark = spark;
    this.run = run;
    this.schema = schema;
    this.columns = columns;
    this.targets = targets;
    this.log = new ChunkLog(run);
  }

  /**
   * Checks that results can go where they are to go, and creates the table if there is none.
   *
   * @param manifest the types of the manifest's other columns; null if there are none
   * @throws io.tandem.conf.SettingsException if the table is missing and cannot be created, or
   *     takes no such rows
   */
  public static void prepare(
      Session session, ResultOutput output, ModelSpec model, @Nullable StructType manifest) {
    String name = output.saveAs();
    if (name != null) {
      table(session.spark(), name, model, manifest).prepare();
    }
  }

  /**
   * Returns the results of a run that has been created, and is {@linkplain #prepare prepared}.
   *
   * @param manifest the types of the manifest's other columns; null if there are none
   */
  public static ChunkResults of(
      Session session,
      RunFolder run,
      ResultOutput output,
      ModelSpec model,
      @Nullable StructType manifest) {
    List<ChunkTarget> targets = new ArrayList<>();
    if (output.format() != ResultFormat.PARQUET) {
      targets.add(new ResultFiles(run, output.format()));
    }
    String name = output.saveAs();
    if (name != null) {
      targets.add(table(session.spark(), name, model, manifest).of(run.id()));
    }
    PredictionTable rows = PredictionTable.of(model);
    return new ChunkResults(
        session.spark(), run, rows.schema(manifest), rows.resultColumns(manifest), targets);
  }

  private static CatalogTable table(
      SparkSession spark, String name, ModelSpec model, @Nullable StructType manifest) {
    PredictionTable rows = PredictionTable.of(model);
    StructType all = rows.schema(manifest);
    StructType results = new StructType();
    for (String column : rows.resultColumns(manifest)) {
      results = results.add(all.apply(column));
    }
    return new CatalogTable(spark, name, results);
  }

  /** Commits what {@code predictions/} has more than before, as the next chunk. */
  public void commit() {
    if (targets.isEmpty()) {
      return;
    }
    List<String> files = files().stream().filter(file -> !known.contains(file)).toList();
    if (files.isEmpty()) {
      return;
    }
    Chunk chunk = new Chunk(last + 1, files);
    log.write(chunk);
    note(chunk);
    targets.forEach(target -> append(target, chunk));
  }

  /**
   * Commits what an earlier process has not: each chunk to each target that does not have it. The
   * rows of chunks in which frames have changed are replaced. Nothing is predicted.
   *
   * @return a sentence on what it has done; null if there was nothing to do
   */
  public @Nullable String complete() {
    if (targets.isEmpty()) {
      return null;
    }
    Set<String> present = Set.copyOf(files());
    List<Chunk> chunks = new ArrayList<>();
    for (Chunk chunk : log.read(spark)) {
      chunks.add(present.containsAll(chunk.files()) ? chunk : withoutLostFiles(chunk, present));
    }
    chunks.sort(Comparator.comparingInt(Chunk::chunk));
    chunks.forEach(this::note);
    int before = last;
    int added = 0;
    for (ChunkTarget target : targets) {
      Set<Integer> committed = target.chunks();
      for (Chunk chunk : chunks) {
        if (!chunk.files().isEmpty() && !committed.contains(chunk.chunk())) {
          append(target, chunk);
          added++;
        }
      }
    }
    commit();
    added += (last - before) * targets.size();
    return added == 0
        ? null
        : "%s of committed rows added to %s"
            .formatted(
                Words.count(added, "chunk"),
                targets.stream().map(ChunkTarget::name).collect(Collectors.joining(" and ")));
  }

  /** The files without the rows of changed frames are no part of it, but of a new chunk. */
  private Chunk withoutLostFiles(Chunk chunk, Set<String> present) {
    targets.forEach(target -> target.remove(chunk.chunk()));
    Chunk kept =
        new Chunk(chunk.chunk(), chunk.files().stream().filter(present::contains).toList());
    log.write(kept);
    return kept;
  }

  private void append(ChunkTarget target, Chunk chunk) {
    target.append(chunk.chunk(), results(chunk.files()));
  }

  private Dataset<Row> results(List<String> files) {
    return Readers.literal(spark)
        .schema(schema)
        .parquet(files.stream().map(f -> run.path(PREDICTIONS + "/" + f)).toArray(String[]::new))
        .select(columns.stream().map(functions::col).toArray(Column[]::new));
  }

  private void note(Chunk chunk) {
    known.addAll(chunk.files());
    last = Math.max(last, chunk.chunk());
  }

  private List<String> files() {
    return run.files(PREDICTIONS).stream().filter(name -> name.endsWith(".parquet")).toList();
  }
}
