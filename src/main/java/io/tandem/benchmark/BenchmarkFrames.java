package io.tandem.benchmark;

import io.tandem.conf.Settings;
import io.tandem.conf.SettingsException;
import io.tandem.frame.VideoIndexer;
import io.tandem.source.FramePlan;
import io.tandem.source.FrameSet;
import io.tandem.source.FrameSource;
import io.tandem.spark.Progress;
import io.tandem.spark.Session;
import io.tandem.trial.Plan;
import io.tandem.trial.Trial;

/** Lists the frames of a benchmark, which the driver holds and sends to the tasks. */
final class BenchmarkFrames {
  private static final int MOST = 1_000_000;

  private BenchmarkFrames() {}

  /** Returns the frames that the settings name, at most a million, and says if there are more. */
  static FrameSet list(Session session, Settings settings, Progress progress) {
    FramePlan listed =
        FrameSource.open(settings.frames(), session.hadoop(), VideoIndexer.of(settings))
            .plan(session, progress);
    if (listed.size() > MOST) {
      progress.say(
          "the first %,d of %,d frames: the driver holds those of a benchmark"
              .formatted(MOST, listed.size()));
    }
    return listed.collect(MOST);
  }

  /**
   * Refuses more lanes than frames.
   *
   * @throws SettingsException with both numbers
   */
  static void requireEnough(Plan plan, FrameSet frames) {
    int lanes = plan.trials().stream().mapToInt(Trial::concurrency).max().orElse(1);
    long present = frames.present();
    if (present < lanes) {
      throw new SettingsException(
          "%d lanes need at least %d frames, but there are %d; give more frames, or ask for fewer lanes by benchmark.concurrency"
              .formatted(lanes, lanes, present));
    }
  }
}
