package io.tandem.lane;

import io.tandem.engine.Prediction;
import io.tandem.frame.Geometry;
import io.tandem.source.Frame;
import io.tandem.timing.EpochClock;
import io.tandem.timing.FrameTiming;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of one frame in one pass: its best labels, best first, or the error that kept it from
 * being read or decoded. {@code batch} counts a lane's batches from 0; {@code batchSize} is how
 * many frames of it were predicted; {@code geometry} is null where nothing was decoded.
 */
public record FrameResult(
    Frame frame,
    int pass,
    List<Prediction> top,
    @Nullable String error,
    @Nullable Geometry geometry,
    int batch,
    int batchSize,
    int readThread,
    int decodeThread,
    FrameTiming.Moments moments) {

  public FrameResult {
    top = List.copyOf(top);
  }

  /** When it was worked on; complete when the lane has returned it. */
  public FrameTiming timing() {
    return moments.on(EpochClock.ofThisJvm());
  }

  public boolean failed() {
    return error != null;
  }
}
