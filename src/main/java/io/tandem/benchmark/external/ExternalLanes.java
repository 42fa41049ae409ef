package io.tandem.benchmark.external;

import io.tandem.lane.LaneContext;
import io.tandem.lane.LaneDevice;
import io.tandem.lane.LaneSpec;
import io.tandem.lane.RowIterator;
import io.tandem.postprocess.Labels;
import io.tandem.run.LaneRow;
import io.tandem.run.PredictionTable;
import io.tandem.run.StagedRow;
import io.tandem.source.Frame;
import io.tandem.telemetry.HostCpu;
import io.tandem.telemetry.MachineUse;
import io.tandem.telemetry.TelemetryState;
import io.tandem.timing.EpochClock;
import io.tandem.timing.LaneTiming;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.spark.Partition;
import org.apache.spark.TaskContext;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.Row;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/**
 * Runs an external implementation's partitions as lanes and returns the same rows as a benchmark's
 * own lanes. Each partition is computed completely in each pass; the measured time includes all of
 * that work, also model loading. Only the engine's library is loaded before, and its threads are
 * pinned, as in Tandem's lanes.
 */
final class ExternalLanes extends RDD<Row> {
  private static final long serialVersionUID = 1L;
  private static final ClassTag<ExternalImplementation.Answer> ANSWER =
      ClassTag$.MODULE$.apply(ExternalImplementation.Answer.class);

  private final LaneSpec spec;
  private final String trial;
  private final int round;
  private final int passes;
  private final ArrayList<ArrayList<Frame>> parts = new ArrayList<>();

  ExternalLanes(
      RDD<ExternalImplementation.Answer> answers,
      LaneSpec spec,
      String trial,
      int round,
      int passes,
      List<List<Frame>> parts) {
    super(answers, ClassTag$.MODULE$.<Row>apply(Row.class));
    this.spec = spec;
    this.trial = trial;
    this.round = round;
    this.passes = passes;
    parts.forEach(part -> this.parts.add(new ArrayList<>(part)));
  }

  @Override
  public Partition[] getPartitions() {
    return firstParent(ANSWER).partitions();
  }

  @Override
  public scala.collection.Iterator<Row> compute(Partition split, TaskContext task) {
    LaneDevice device = spec.pin();
    MachineUse.now(); // Loads its classes before the clock runs.
    MachineUse before = MachineUse.now();
    long from = System.nanoTime();
    List<List<ExternalImplementation.Answer>> answers = answers(split, task);
    long to = System.nanoTime();
    LaneTiming.Machine machine = before.untilNow(0);

    EpochClock clock = EpochClock.ofThisJvm();
    LaneTiming timing =
        new LaneTiming(
            clock.micros(from),
            clock.microsBetween(from, to),
            answers.stream().mapToLong(List::size).sum(),
            passes,
            machine,
            null);
    LaneContext context = LaneContext.ofThisTask(spec.model(), device, split.index(), trial, round);
    return RowIterator.of(rows(answers, parts.get(split.index()), timing, context).iterator());
  }

  private List<List<ExternalImplementation.Answer>> answers(Partition split, TaskContext task) {
    List<List<ExternalImplementation.Answer>> all = new ArrayList<>();
    for (int pass = 0; pass < passes; pass++) {
      List<ExternalImplementation.Answer> answers = new ArrayList<>();
      scala.collection.Iterator<ExternalImplementation.Answer> source =
          firstParent(ANSWER).iterator(split, task);
      while (source.hasNext()) {
        answers.add(source.next());
      }
      all.add(answers);
    }
    return all;
  }

  private List<Row> rows(
      List<List<ExternalImplementation.Answer>> answers,
      List<Frame> frames,
      LaneTiming timing,
      LaneContext context) {
    PredictionTable table = PredictionTable.of(spec.model());
    List<Row> rows = new ArrayList<>();
    Row lane =
        LaneRow.of(
            context,
            HostCpu.model(),
            timing,
            TelemetryState.ofThisJvm().clockOffset(context.executor()));
    rows.add(StagedRow.lane(lane));
    for (int pass = 0; pass < answers.size(); pass++) {
      Map<String, Frame> left = new HashMap<>();
      frames.forEach(frame -> left.put(frame.path(), frame));
      for (ExternalImplementation.Answer answer : answers.get(pass)) {
        Frame frame =
            Objects.requireNonNull(left.remove(answer.path()), () -> "twice: " + answer.path());
        rows.add(
            StagedRow.frame(
                table.externalRow(frame, pass, new Labels(answer.top()), null, context)));
      }
      for (Frame frame : left.values()) {
        String error = "%s returned no result".formatted(context.trial());
        rows.add(StagedRow.frame(table.externalRow(frame, pass, null, error, context)));
      }
    }
    return rows;
  }
}
