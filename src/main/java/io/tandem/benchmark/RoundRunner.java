package io.tandem.benchmark;

import io.tandem.benchmark.external.ExternalRun;
import io.tandem.lane.LaneSpec;
import io.tandem.run.RunFolder;
import io.tandem.run.RunQueries;
import io.tandem.run.StagedRow;
import io.tandem.source.FrameSplit;
import io.tandem.spark.Interruption;
import io.tandem.spark.Sessions;
import io.tandem.summary.TrialSummary;
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
 * Runs a plan's trials round after round into a run folder. A barrier stage writes its lanes' and
 * frames' rows together, to be staged; when the round is over they go to their places.
 */
final class RoundRunner {
  private final RoundContext context;
  private final RunFolder run;
  private final Interruption interruption;

  /** Which trials have been measured already, by round. */
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

  /** Returns a runner that measures what the folder does not hold yet. */
  static RoundRunner open(RoundContext context, RunFolder run, Interruption interruption) {
    Map<Integer, Set<String>> recorded = new HashMap<>();
    if (run.exists("lanes")) {
      for (Row row : RunQueries.of(context.session(), run).recorded()) {
        recorded.computeIfAbsent(row.getInt(1), round -> new HashSet<>()).add(row.getString(0));
      }
    }
    return new RoundRunner(context, run, interruption, recorded);
  }

  /** Round after round; after a look, only what is uncertain yet goes on, and the baselines. */
  void run(Plan plan, Stopping stopping) {
    run.delete("_staging");
    Plan left = plan;
    long done = 0;
    for (int round = 1; round <= stopping.mostRounds() && !interruption.isAsked(); round++) {
      done += run(left, round, done, total(left, round, stopping, done));
      if (stopping.looksAfter(round) && round < stopping.mostRounds()) {
        Set<Trial> uncertain = uncertain();
        if (uncertain.isEmpty()) {
          break;
        }
        sayUncertain(uncertain.size(), round, stopping);
        left = left.only(uncertain);
      }
    }
    run.delete("_staging");
    context.progress().at(done, done, "trials");
    context.progress().done();
  }

  /** As far as is known: those that were run, and those to run before the next look. */
  private static long total(Plan left, int round, Stopping stopping, long done) {
    int until = round;
    while (until < stopping.mostRounds()
        && (until < stopping.rounds() || !stopping.looksAfter(until))) {
      until++;
    }
    return done + (until - round + 1L) * left.trials().size();
  }

  private Set<Trial> uncertain() {
    return RunQueries.of(context.session(), run).benchmark().uncertain().stream()
        .map(TrialSummary::trial)
        .collect(Collectors.toSet());
  }

  private void sayUncertain(int uncertain, int round, Stopping stopping) {
    context
        .progress()
        .say(
            "after %d rounds: %s wider than %.0f %%, on with %s"
                .formatted(
                    round,
                    uncertain == 1 ? "1 interval is" : uncertain + " intervals are",
                    stopping.intervalWidth() * 100,
                    uncertain == 1 ? "it" : "them"));
  }

  /** Every trial once that has not been recorded; returns how many there are by now. */
  private int run(Plan plan, int round, long done, long total) {
    Set<String> before = recorded.getOrDefault(round, Set.of());
    List<Trial> order =
        plan.order(round).stream().filter(trial -> !before.contains(trial.id())).toList();
    int there = plan.trials().size() - order.size();
    List<String> staged = new ArrayList<>();
    for (Trial trial : order) {
      if (interruption.isAsked()) {
        break;
      }
      context.progress().at(done + there + staged.size(), total, "trials");
      String path = run.path("_staging/round-%d/trial-%d".formatted(round, staged.size()));
      if (trial.isExternal() ? measureExternal(trial, round, path) : measure(trial, round, path)) {
        staged.add(path);
      }
    }
    if (!staged.isEmpty()) {
      unstage(staged);
    }
    return there + staged.size();
  }

  /**
   * Returns whether there are rows: an implementation that fails is left out, and the benchmark
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
                  .formatted(trial.id(), round, ExternalRun.mistake(e)));
      return false;
    }
  }

  private boolean measure(Trial trial, int round, String path) {
    List<FrameSplit> parts = context.frames().balanced(trial.concurrency());
    LaneSpec spec = Objects.requireNonNull(context.lanes().apply(trial));
    TrialTask task = new TrialTask(spec, trial.id(), round, context.settings().benchmark());
    JavaRDD<FrameSplit> lanesOf = context.session().context().parallelize(parts, parts.size());
    ResourceProfile profile = context.session().profile(trial.device(), trial.concurrency());
    JavaRDD<Row> rows =
        (profile == null ? lanesOf : lanesOf.withResources(profile))
            .rdd()
            .barrier()
            .mapPartitions(task, false, ClassTag$.MODULE$.<Row>apply(Row.class))
            .toJavaRDD();
    Sessions.dataset(context.session().spark(), rows, schema()).write().parquet(path);
    return true;
  }

  private StructType schema() {
    return StagedRow.schema(context.frames().columns());
  }

  /** The lanes' rows last: a trial without them counts as not measured. */
  private void unstage(List<String> staged) {
    Dataset<Row> rows =
        context.session().spark().read().schema(schema()).parquet(staged.toArray(String[]::new));
    append(rows, "frame", run.path("predictions"));
    if (context.settings().benchmark().times().ceilingSeconds() > 0) {
      append(rows, "ceiling", run.path("ceilings"));
    }
    append(rows, "lane", run.path("lanes"));
    run.delete("_staging");
  }

  private static void append(Dataset<Row> rows, String kind, String path) {
    Column isThere = rows.col(kind).isNotNull();
    rows.where(isThere).select(kind + ".*").coalesce(1).write().mode(SaveMode.Append).parquet(path);
  }
}
