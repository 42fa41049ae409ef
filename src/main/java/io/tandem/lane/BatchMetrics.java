package io.tandem.lane;

import io.tandem.telemetry.LaneMetrics;
import io.tandem.timing.FrameTiming;
import java.util.List;

/** Tells Spark's metrics system what a lane has done. */
public final class BatchMetrics {
  private final LaneMetrics metrics = LaneMetrics.ofThisExecutor();

  public void done(List<FrameResult> batch) {
    boolean told = false;
    for (FrameResult result : batch) {
      if (result.failed()) {
        metrics.failed();
        continue;
      }
      FrameTiming timing = result.timing();
      metrics.predicted(timing.readUs(), timing.decodeUs(), timing.waitUs());
      if (!told) {
        metrics.batch(timing.forwardUs(), timing.outputUs());
        told = true;
      }
    }
  }
}
