package io.tandem.lane;

import io.tandem.conf.Device;
import io.tandem.conf.InputException;
import io.tandem.engine.Outputs;
import io.tandem.engine.Predictor;
import io.tandem.frame.Geometry;
import io.tandem.frame.PixelBuffer;
import io.tandem.model.ModelException;
import io.tandem.model.PredictionException;
import io.tandem.spark.Session;
import io.tandem.telemetry.HostCpu;
import java.io.Serializable;
import java.util.List;
import java.util.Objects;
import org.apache.spark.api.java.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Loads the model and predicts before the first lane does, so that an error shows before anything
 * is written. On a cluster it is a task of its own; in local mode it needs no Spark, and runs while
 * Spark starts. The model stays loaded for the lanes.
 */
public final class Preflight implements Function<Integer, Preflight.Answer> {
  private static final long serialVersionUID = 1L;

  /** The first predictions are slow: the engine compiles. */
  private static final int TIMES = 3;

  private final LaneSpec spec;

  private Preflight(LaneSpec spec) {
    this.spec = spec;
  }

  /** The properties of an executor, and the device of its task. */
  public record Found(
      LaneDevice device,
      String engine,
      int gpus,
      String cpu,
      int cores,
      int decodeThreads,
      double forwardSeconds)
      implements Serializable {

    /** Returns the kind of device. */
    public Device.Kind kind() {
      return device.device().kind();
    }
  }

  /** The result of the check, or the error that prevents predictions; one of them is null. */
  record Answer(@Nullable Found found, @Nullable InputException refusal) implements Serializable {

    private Found orRefused() {
      if (found == null) {
        throw Objects.requireNonNull(refusal);
      }
      return found;
    }
  }

  /**
   * Loads the model and predicts in a task, and returns what was found.
   *
   * @throws InputException if a lane cannot predict
   */
  public static Found run(Session session, LaneSpec spec) {
    return session
        .context()
        .parallelize(List.of(0), 1)
        .map(new Preflight(spec))
        .first()
        .orRefused();
  }

  /**
   * Loads the model and predicts in this JVM, without Spark, and returns what was found.
   *
   * @throws InputException if a lane cannot predict
   */
  public static Found here(LaneSpec spec) {
    Found found = new Preflight(spec).call(0).orRefused();
    spec.openDecoder().close(); // Loads its libraries.
    return found;
  }

  @Override
  public Answer call(Integer ignored) {
    try {
      LaneDevice device = spec.pin();
      double forwardSeconds = predict(device);
      return new Answer(found(device, forwardSeconds), null);
    } catch (InputException e) {
      return new Answer(null, e);
    } catch (PredictionException e) {
      return new Answer(null, new ModelException("model.path", String.valueOf(e.getMessage())));
    }
  }

  /** Returns the shortest time of a forward pass, in seconds. */
  private double predict(LaneDevice device) {
    long frameBytes = 3L * spec.model().width() * spec.model().height();
    try (Predictor predictor = spec.openPredictor(device, spec.config().modelScope());
        PixelBuffer black = new PixelBuffer(spec.batchSize() * frameBytes)) {
      Results results = spec.results();
      Geometry same = Geometry.same(spec.model().width(), spec.model().height());
      long shortest = Long.MAX_VALUE;
      for (int i = 0; i < TIMES; i++) {
        long from = System.nanoTime();
        Outputs outputs = predictor.predict(spec.batch(black.bytes()));
        shortest = Math.min(shortest, System.nanoTime() - from);
        results.of(outputs, 0, same);
      }
      return shortest / 1e9;
    }
  }

  private Found found(LaneDevice device, double forwardSeconds) {
    return new Found(
        device,
        spec.engine().version(),
        spec.engine().gpuCount(),
        HostCpu.model(),
        Session.localCores(),
        spec.decodeThreads(device),
        forwardSeconds);
  }
}
