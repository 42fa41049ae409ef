package io.tandem.benchmark;

import io.tandem.benchmark.external.ExternalRun;
import io.tandem.lane.LaneSpec;
import io.tandem.run.FrameSample;
import io.tandem.run.RunFolder;
import io.tandem.run.RunPictures;
import io.tandem.run.RunQueries;
import io.tandem.run.StagedRow;
import io.tandem.run.UncommittedRounds;
import io.tandem.source.FrameSplit;
import io.tandem.spark.Interruption;
import io.tandem.spark.Readers;
import io.tandem.spark.Sessions;
import io.tandem.summary.Summary;
import io.tandem.summary.TrialSummary;
import io.tandem.text.Words;
import io.tandem.trial.Plan;
import io.tandem.trial.Stopping;
import io.tandem.trial.Trial;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.resource.ResourceProfile;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.types.StructType;
import scala.reflect.ClassTag$;

/**
 * Runs a plan's trials in rounds and writes a run folder. Each trial is a barrier stage, which
 * writes the rows of lanes and frames to a staging folder. After the round they are appended to
 * their final folders.
 */
final class RoundRunner {
  private final RoundContext context;
  private final RunFolder run;
  private final Interruption interruption;

  /** How many results or pictures of a trial are kept if all would be too large. */
  private static final int MOST_KEPT = 32;

  /** Ids of the trials that are already recorded, by round. */
  private final Map<Integer, Set<String>> recorded;

  /** The trials of other implementations that have not failed. */
  private final Map<String, ExternalRun> external = new HashMap<>();

  private RoundRunner(
      RoundContext context,
      RunFolder run,
      Interruption interruption,
      Map<Integer, Set<String>> recorded) {
    this.context = context;
    this.run = run;
    this.interruption = interruption;
    this.recorded = recorded;
    context.external().forEach(other -> external.put(other.trial().id(), other));
  }

  /** Returns a runner of the trials that the folder does not contain yet. */
  static RoundRunner open(RoundContext context, RunFolder run, Interruption interruption) {
    Map<Integer, Set<String>> recorded = new HashMap<>();
    UncommittedRounds.remove(context.session(), run);
    if (run.exists("lanes")) {
      for (Row row : RunQueries.of(context.session(), run).recorded()) {
        recorded.computeIfAbsent(row.getInt(1), round -> new HashSet<>()).add(row.getString(0));
      }
    }
    return new RoundRunner(context, run, interruption, recorded);
  }

  /** Runs the rounds; after each look continues only the trials that decide, and the baselines. */
  void run(Plan plan, Stopping stopping) {
    run.delete("_staging");
    Plan left = plan;
    long done = 0;
    int repeats = 0;
    long start = System.nanoTime();
    double spent = 0;
    double last = 0;
    for (int round = 1;
        stopping.allows(round, repeats, spent, last) && !interruption.isAsked();
        round++) {
      long from = System.nanoTime();
      done += run(left, round, done, total(left, round, stopping, done));
      last = seconds(from);
      spent = seconds(start);
      left = withinBudget(left, stopping, round, spent, last);
      if (stopping.repeatsAfter(round)) {
        repeats = RunQueries.of(context.session(), run).benchmark().mostDisturbed();
      } else if (stopping.looksAfter(round)) {
        Summary soFar = RunQueries.of(context.session(), run).benchmark();
        Set<Trial> open = trials(soFar.undecided());
        if (open.isEmpty()) {
          break;
        }
        repeats = soFar.mostDisturbed();
        left = plan.only(open);
        spent = seconds(start);
        printOpen(soFar, left, round, stopping.allows(round + 1, repeats, spent, last));
      }
    }
    run.delete("_staging");
    context.progress().at(done, done, "trials");
    context.progress().done();
  }

  /** Drops trials whose first rounds would take longer than the budget. */
  private Plan withinBudget(
      Plan plan, Stopping stopping, int round, double spentSeconds, double roundSeconds) {
    Elimination elimination = new Elimination(stopping, roundSeconds / plan.trials().size());
    if (!elimination.isNeeded(plan, round, spentSeconds)) {
      return plan;
    }
    Summary soFar = RunQueries.of(context.session(), run).benchmark();
    Plan left = elimination.apply(plan, soFar, round, spentSeconds);
    int dropped = plan.trials().size() - left.trials().size();
    if (dropped > 0) {
      context
          .progress()
          .say(
              "dropped the slowest %d of %d settings after %s: all would take longer than the budget (--budget)"
                  .formatted(dropped, plan.trials().size(), Words.count(round, "round")));
    }
    return left;
  }

  private static double seconds(long from) {
    return (System.nanoTime() - from) / 1e9;
  }

  private static Set<Trial> trials(List<TrialSummary> rows) {
    return rows.stream().map(TrialSummary::trial).collect(Collectors.toSet());
  }

  /** Returns the trials already run plus those to run before the next look. */
  private static long total(Plan left, int round, Stopping stopping, long done) {
    int until = round;
    while (until < stopping.mostRounds()
        && (until < stopping.rounds() || !stopping.looksAfter(until))) {
      until++;
    }
    return done + (until - round + 1L) * left.trials().size();
  }

  private void printOpen(Summary soFar, Plan left, int round, boolean continues) {
    List<String> open =
        left.trials().stream().filter(trial -> !trial.isBaseline()).map(Trial::id).toList();
    context
        .progress()
        .say(
            "after %d rounds %s%s; %s"
                .formatted(
                    round,
                    soFar.ranking() != null && !soFar.recommended().isSettled()
                        ? "the answer is not settled"
                        : "the speedup is not precise",
                    open.isEmpty() ? "" : " (" + String.join(", ", open) + ")",
                    continues ? "continuing" : "the budget is spent"));
  }

  /**
   * Runs each trial that is not recorded yet; returns the number of recorded trials of the round.
   */
  private int run(Plan plan, int round, long done, long total) {
    Set<String> before = recorded.getOrDefault(round, Set.of());
    List<Trial> order =
        plan.order(round).stream().filter(trial -> !before.contains(trial.id())).toList();
    int alreadyRecorded = plan.trials().size() - order.size();
    List<String> staged = new ArrayList<>();
    for (Trial trial : order) {
      if (interruption.isAsked()) {
        break;
      }
      context.progress().at(done + alreadyRecorded + staged.size(), total, "trials");
      String path = run.path("_staging/round-%d/trial-%d".formatted(round, staged.size()));
      if (trial.isExternal() ? measureExternal(trial, round, path) : measure(trial, round, path)) {
        staged.add(path);
      }
    }
    if (!staged.isEmpty()) {
      unstage(staged);
    }
    return alreadyRecorded + staged.size();
  }

  /**
   * Returns whether rows were written. An implementation that fails is left out, and the benchmark
   * continues.
   */
  private boolean measureExternal(Trial trial, int round, String path) {
    ExternalRun other = external.get(trial.id());
    if (other == null) {
      return false;
    }
    try {
      other.run(round, path);
      return true;
    } catch (Exception | LinkageError e) {
      external.remove(trial.id());
      run.delete(path);
      context
          .progress()
          .say(
              "left out %s from round %d on: %s"
                  .formatted(trial.id(), round, ExternalRun.rootCause(e)));
      return false;
    }
  }

  private boolean measure(Trial trial, int round, String path) {
    List<FrameSplit> parts = context.frames().balanced(trial.concurrency());
    FrameSample sample = new FrameSample(context.frames().size(), MOST_KEPT);
    LaneSpec spec =
        Objects.requireNonNull(context.lanes().apply(trial))
            .with(
                RunPictures.of(
                    run,
                    trial.id(),
                    round == 1 ? sample : new FrameSample(context.frames().size(), 0),
                    context.settings().output().imageEncoding()));
    int most = parts.stream().mapToInt(part -> part.frames().size()).max().orElse(0);
    TrialTask task =
        new TrialTask(
            spec,
            trial.id(),
            round,
            (most + trial.batchSize() - 1) / trial.batchSize(),
            sample,
            context.settings().benchmark());
    JavaRDD<FrameSplit> lanes = context.session().context().parallelize(parts, parts.size());
    ResourceProfile profile = context.session().profile(trial.device(), trial.concurrency());
    JavaRDD<Row> rows =
        (profile == null ? lanes : lanes.withResources(profile))
            .rdd()
            .barrier()
            .mapPartitions(task, false, ClassTag$.MODULE$.<Row>apply(Row.class))
            .toJavaRDD();
    Sessions.dataset(context.session().spark(), rows, schema()).write().parquet(path);
    return true;
  }

  private StructType schema() {
    return StagedRow.schema(context.taskType(), context.frames().columns());
  }

  /**
   * Appends the staged rows to their folders, the lanes last: rows of a trial and round without
   * lane rows are not committed.
   */
  private void unstage(List<String> staged) {
    Dataset<Row> rows =
        Readers.literal(context.session().spark())
            .schema(schema())
            .parquet(staged.toArray(String[]::new));
    append(rows, "frame", run.path("predictions"));
    if (context.settings().benchmark().times().ceilingSeconds() > 0) {
      append(rows, "ceiling", run.path("ceilings"));
    }
    append(rows, "lane", run.path("lanes"));
    run.delete("_staging");
  }

  private static void append(Dataset<Row> rows, String kind, String path) {
    Column isPresent = rows.col(kind).isNotNull();
    rows.where(isPresent)
        .select(kind + ".*")
        .coalesce(1)
        .write()
        .mode(SaveMode.Append)
        .parquet(path);
  }
}
