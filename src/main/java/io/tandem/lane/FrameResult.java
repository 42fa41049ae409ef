package io.tandem.lane;

import io.tandem.postprocess.Result;
import io.tandem.source.Frame;
import io.tandem.text.Words;
import io.tandem.timing.FrameTiming;
import org.jspecify.annotations.Nullable;

/**
 * The outcome of one frame in one pass.
 *
 * @param result null if the frame failed, or its result is not kept
 * @param error why it could not be read or decoded; null if it could
 * @param batch the number of its batch in the lane, from 0
 * @param batchSize how many frames of the batch were predicted
 * @param firstOfShape whether the lane had no batch of this shape before: the engine may have
 *     compiled for it
 * @param timing when it was worked on
 */
public record FrameResult(
    Frame frame,
    int pass,
    @Nullable Result result,
    @Nullable String error,
    int batch,
    int batchSize,
    boolean firstOfShape,
    int readThread,
    int decodeThread,
    FrameTiming timing) {
  public FrameResult {
    error = error == null ? null : Words.oneLine(error);
  }

  /** Returns the same without its result. */
  public FrameResult unrecorded() {
    return new FrameResult(
        frame, pass, null, error, batch, batchSize, firstOfShape, readThread, decodeThread, timing);
  }

  /** Returns whether it has an error instead of a result. */
  public boolean failed() {
    return error != null;
  }

  /** Returns a short description of the result; null if the frame failed. */
  public @Nullable String describe() {
    return result == null ? null : result.describe();
  }
}
