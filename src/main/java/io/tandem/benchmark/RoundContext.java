package io.tandem.benchmark;

import io.tandem.benchmark.external.ExternalRun;
import io.tandem.conf.Settings;
import io.tandem.lane.LaneSpec;
import io.tandem.postprocess.TaskType;
import io.tandem.source.FrameSet;
import io.tandem.spark.Progress;
import io.tandem.spark.Session;
import io.tandem.trial.Trial;
import java.util.List;
import java.util.function.Function;

/**
 * Context shared by all rounds of a benchmark.
 *
 * @param taskType the task type of the model, the same for all its exports
 * @param lanes returns the lane specification of a trial
 * @param external the trials of other implementations
 */
record RoundContext(
    Session session,
    Settings settings,
    Progress progress,
    FrameSet frames,
    TaskType taskType,
    Function<Trial, LaneSpec> lanes,
    List<ExternalRun> external) {
  RoundContext {
    external = List.copyOf(external);
  }
}
