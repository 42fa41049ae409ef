package io.tandem.lane;

import io.tandem.conf.UsageException;
import io.tandem.engine.BatchPredictor;
import io.tandem.engine.TorchEngine;
import io.tandem.frame.PixelBuffer;
import io.tandem.model.PredictionException;
import io.tandem.spark.Session;
import io.tandem.telemetry.HostCpu;
import java.io.Serializable;
import java.util.List;
import org.apache.spark.api.java.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The first lane's load: is there the device, can the model be loaded and does it predict? So a
 * mistake shows before anything is written. On a cluster it is a task before all others; in local
 * mode it needs no Spark, and can load while that starts. The model stays for the lanes to come.
 */
public final class Preflight implements Function<Integer, Preflight.Found> {
  private static final long serialVersionUID = 1L;

  /** The first predictions compile. */
  private static final int TIMES = 3;

  private final LaneSpec spec;

  private Preflight(LaneSpec spec) {
    this.spec = spec;
  }

  /** What an executor is: the device of its task, or a sentence that says what is wrong. */
  public record Found(
      String device,
      String engine,
      int gpus,
      String cpu,
      int cores,
      int decodeThreads,
      double forwardSeconds,
      @Nullable String mistake)
      implements Serializable {

    /** "cpu" or "gpu". */
    public String kind() {
      return device.replaceFirst(":.*", "");
    }
  }

  /**
   * @throws UsageException with the mistake that was found
   */
  public static Found run(Session session, LaneSpec spec) {
    return orRefused(session.context().parallelize(List.of(0), 1).map(new Preflight(spec)).first());
  }

  /**
   * Does the same in this JVM, without Spark.
   *
   * @throws UsageException with the mistake that was found
   */
  public static Found here(LaneSpec spec) {
    Found found = orRefused(new Preflight(spec).call(0));
    spec.openDecoder().close(); // Loads its libraries.
    return found;
  }

  private static Found orRefused(Found found) {
    String mistake = found.mistake();
    if (mistake != null) {
      throw new UsageException(mistake);
    }
    return found;
  }

  @Override
  public Found call(Integer ignored) {
    try {
      LaneDevice device = spec.pin();
      double forwardSeconds = predict(device);
      return found(device.name(), spec.decodeThreads(device), forwardSeconds, null);
    } catch (UsageException | PredictionException e) {
      return found("none", 0, 0, String.valueOf(e.getMessage()));
    }
  }

  /** The shortest time of a forward pass, in seconds. */
  private double predict(LaneDevice device) {
    long frameBytes = 3L * spec.model().width() * spec.model().height();
    try (BatchPredictor predictor = spec.openPredictor(device, spec.modelScope());
        PixelBuffer black = new PixelBuffer(spec.batchSize() * frameBytes)) {
      long shortest = Long.MAX_VALUE;
      for (int i = 0; i < TIMES; i++) {
        long from = System.nanoTime();
        predictor.predict(black.bytes());
        shortest = Math.min(shortest, System.nanoTime() - from);
      }
      return shortest / 1e9;
    }
  }

  private static Found found(
      String device, int decodeThreads, double forwardSeconds, @Nullable String mistake) {
    return new Found(
        device,
        "DJL PyTorch " + TorchEngine.version(),
        TorchEngine.gpuCount(),
        HostCpu.model(),
        Session.localCores(),
        decodeThreads,
        forwardSeconds,
        mistake);
  }
}
