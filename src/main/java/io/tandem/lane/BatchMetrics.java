package io.tandem.lane;

import io.tandem.telemetry.LaneMetrics;
import io.tandem.telemetry.TelemetryState;
import io.tandem.timing.FrameTiming;
import java.util.List;

/** Reports a lane's work to Spark's metrics system. */
public final class BatchMetrics {
  private final LaneMetrics metrics = TelemetryState.ofThisJvm().metrics();

  /** Counts the frames and the phases of a batch. */
  public void done(List<FrameResult> batch) {
    boolean counted = false;
    for (FrameResult result : batch) {
      if (result.failed()) {
        metrics.failed();
        continue;
      }
      FrameTiming timing = result.timing();
      metrics.predicted(timing.readUs(), timing.decodeUs(), timing.waitUs());
      if (!counted) {
        metrics.batch(timing.forwardUs(), timing.outputUs());
        counted = true;
      }
    }
  }
}
