package io.tandem.lane;

import io.tandem.engine.Batch;
import io.tandem.engine.Outputs;
import io.tandem.frame.Geometry;
import io.tandem.model.PredictionException;
import io.tandem.postprocess.InvalidResultException;
import io.tandem.postprocess.Result;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * Judges what a model made of test pictures.
 *
 * @param outputs of a batch, of the same batch again, and of its pictures moved on by one place
 */
record TestOutputs(LaneSpec spec, List<Outputs> outputs) {
  /** Relative difference of outputs above which they are not the same: above rounding. */
  private static final double SAME = 0.02;

  /** Returns the first valid result; refuses a model that has none for any of the pictures. */
  Result sample() {
    Results results = spec.results();
    Batch batch = spec.batch(ByteBuffer.allocate(0));
    Geometry same = Geometry.same(batch.width(), batch.height());
    InvalidResultException invalid = null;
    for (Outputs ofBatch : List.of(outputs.get(0), outputs.get(2))) {
      for (int place = 0; place < spec.batchSize(); place++) {
        try {
          return results.of(ofBatch, place, same);
        } catch (InvalidResultException e) {
          invalid = e;
        }
      }
    }
    throw new PredictionException(
        "%s in %s fails on test pictures: %s"
            .formatted(
                spec.model().file(),
                spec.model().folder(),
                Objects.requireNonNull(invalid).getMessage()),
        invalid);
  }

  /** Returns what a user should know of the model, a sentence each. */
  List<String> warnings() {
    Results results = spec.results();
    List<String> warnings = new ArrayList<>();
    double again = 0;
    double moved = 0;
    int frames = spec.batchSize();
    for (int place = 0; place < frames; place++) {
      String doubt = results.doubt(outputs.get(0), place);
      if (doubt != null && warnings.isEmpty()) {
        warnings.add(doubt);
      }
      again = Math.max(again, outputs.get(0).difference(place, outputs.get(1), place));
      if (frames > 1) {
        moved =
            Math.max(moved, outputs.get(0).difference(place, outputs.get(2), (place + 1) % frames));
      }
    }
    if (again > SAME) {
      warnings.add(unstable("the same picture gets another output each time", again));
    } else if (moved > SAME) {
      warnings.add(unstable("a picture's output depends on the rest of its batch", moved));
    }
    int taken = spec.model().takes().batch();
    if (taken != 0 && taken != frames) {
      warnings.add(
          "the model takes batches of %d only: one of %d is predicted by %d calls"
              .formatted(taken, frames, (frames + taken - 1) / taken));
    }
    return warnings;
  }

  private String unstable(String what, double difference) {
    return String.format(
        Locale.ROOT,
        "%s in %s: %s (it differs by %.0f %%); call eval() on the model before its export",
        spec.model().file(),
        spec.model().folder(),
        what,
        difference * 100);
  }
}
