package io.tandem.inference;

import io.tandem.spark.Session;
import io.tandem.summary.InferSummary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.spark.util.AccumulatorV2;

/**
 * Accumulates the task reports of {@code infer}, so that its summary needs no output. Spark merges
 * one report for each partition, that of the committed attempt. Memory use does not depend on the
 * number of frames, except for eight bytes per task.
 */
final class InferTally extends AccumulatorV2<TaskReport, InferSummary> {
  private static final long serialVersionUID = 1L;

  /** The time of the parts that ended, in microseconds. */
  private long endedPartsUs;

  private int endedParts;
  private final List<TaskReport.NamedFrame> first = new ArrayList<>();
  private final List<TaskReport.NamedFrame> failures = new ArrayList<>();
  private final Set<String> executors = new HashSet<>();
  private long[] taskUs = new long[16];
  private int tasks;
  private long frames;
  private long failed;
  private long startedUs = Long.MAX_VALUE;
  private long endedUs = Long.MIN_VALUE;
  private long longestUs = -1;
  private String slowest = "";

  /** Returns an empty tally that the tasks of a session can report to. */
  static InferTally registered(Session session) {
    InferTally tally = new InferTally();
    session.spark().sparkContext().register(tally);
    return tally;
  }

  /** Ends a part of the work: the time until the next report belongs to no part. */
  synchronized void endPart() {
    if (endedUs > startedUs) {
      endedPartsUs += endedUs - startedUs;
      endedParts++;
    }
    startedUs = Long.MAX_VALUE;
    endedUs = Long.MIN_VALUE;
  }

  @Override
  public synchronized boolean isZero() {
    return tasks == 0;
  }

  @Override
  public InferTally copy() {
    InferTally copy = new InferTally();
    copy.merge(this);
    return copy;
  }

  @Override
  public synchronized void reset() {
    first.clear();
    failures.clear();
    executors.clear();
    endedPartsUs = 0;
    endedParts = 0;
    tasks = 0;
    frames = 0;
    failed = 0;
    startedUs = Long.MAX_VALUE;
    endedUs = Long.MIN_VALUE;
    longestUs = -1;
    slowest = "";
  }

  @Override
  public synchronized void add(TaskReport task) {
    if (task.frames() == 0) {
      return;
    }
    long us = task.endedUs() - task.startedUs();
    addTask(us);
    frames += task.frames();
    failed += task.failed();
    startedUs = Math.min(startedUs, task.startedUs());
    endedUs = Math.max(endedUs, task.endedUs());
    TaskReport.Place place = task.place();
    executors.add(place.executor());
    takeSlowest(us, "executor %s on %s".formatted(place.executor(), place.host()));
    name(first, task.first());
    name(failures, task.failures());
  }

  @Override
  public synchronized void merge(AccumulatorV2<TaskReport, InferSummary> other) {
    InferTally more = (InferTally) other;
    for (int i = 0; i < more.tasks; i++) {
      addTask(more.taskUs[i]);
    }
    endedPartsUs += more.endedPartsUs;
    endedParts += more.endedParts;
    frames += more.frames;
    failed += more.failed;
    startedUs = Math.min(startedUs, more.startedUs);
    endedUs = Math.max(endedUs, more.endedUs);
    executors.addAll(more.executors);
    takeSlowest(more.longestUs, more.slowest);
    name(first, more.first);
    name(failures, more.failures);
  }

  private void addTask(long us) {
    if (tasks == taskUs.length) {
      taskUs = Arrays.copyOf(taskUs, 2 * tasks);
    }
    taskUs[tasks++] = us;
  }

  private void takeSlowest(long us, String where) {
    if (us > longestUs) {
      longestUs = us;
      slowest = where;
    }
  }

  /** Keeps the frames with the lowest indices, in any order of the reports. */
  private static void name(List<TaskReport.NamedFrame> named, List<TaskReport.NamedFrame> more) {
    named.addAll(more);
    named.sort(TaskReport.NamedFrame.BY_INDEX);
    if (named.size() > TaskReport.MOST_NAMED) {
      named.subList(TaskReport.MOST_NAMED, named.size()).clear();
    }
  }

  /** Returns the number of frames of the completed tasks. */
  synchronized long frames() {
    return frames;
  }

  @Override
  public synchronized InferSummary value() {
    long[] sorted = Arrays.copyOf(taskUs, tasks);
    Arrays.sort(sorted);
    double median = tasks == 0 ? 0 : (sorted[(tasks - 1) / 2] + sorted[tasks / 2]) / 2.0;
    return new InferSummary(
        frames,
        failed,
        elapsed(),
        new InferSummary.Tasks(tasks, executors.size(), median, Math.max(0, longestUs), slowest),
        first.stream().map(TaskReport.NamedFrame::frame).toList(),
        failures.stream().map(TaskReport.NamedFrame::frame).toList());
  }

  private InferSummary.Elapsed elapsed() {
    boolean isOpen = endedUs > startedUs;
    return new InferSummary.Elapsed(
        endedPartsUs + (isOpen ? endedUs - startedUs : 0),
        Math.max(1, endedParts + (isOpen ? 1 : 0)));
  }
}
