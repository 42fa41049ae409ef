package io.tandem.lane;

import io.tandem.conf.Device;
import io.tandem.conf.InputException;
import io.tandem.conf.ThreadBounds;
import io.tandem.engine.Batch;
import io.tandem.engine.Outputs;
import io.tandem.engine.Predictor;
import io.tandem.frame.Geometry;
import io.tandem.frame.PixelBuffer;
import io.tandem.model.InputContract;
import io.tandem.model.ModelException;
import io.tandem.model.PredictionException;
import io.tandem.postprocess.InvalidResultException;
import io.tandem.postprocess.Result;
import io.tandem.spark.Session;
import io.tandem.telemetry.HostCpu;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.apache.spark.api.java.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Loads the model, predicts and looks at the outputs before the first lane does, so that an error
 * shows before anything is written: whether values are valid, and whether a picture gets the same
 * ones again, and in another place of a batch. On a cluster it is a task of its own; in local mode
 * it needs no Spark, and runs while Spark starts. The model stays loaded for the lanes.
 */
public final class Preflight implements Function<Integer, Preflight.Answer> {
  private static final long serialVersionUID = 1L;

  private final LaneSpec spec;

  private Preflight(LaneSpec spec) {
    this.spec = spec;
  }

  /**
   * The properties of an executor, and the device of its task.
   *
   * @param memoryBytes the memory of its machine or container beside the Java heap
   */
  public record Found(
      LaneDevice device,
      String engine,
      int gpus,
      String cpu,
      int cores,
      int decodeThreads,
      long memoryBytes,
      double forwardSeconds,
      List<String> warnings)
      implements Serializable {
    public Found {
      warnings = List.copyOf(warnings);
    }

    /**
     * Refuses lanes that need more memory than this executor's machine has.
     *
     * @throws io.tandem.conf.SettingsException with the numbers
     */
    public void requireMemory(LaneSpec lanes) {
      LaneMemory.of(lanes, decodeThreads).requireWithin(memoryBytes);
    }

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

  /**
   * What a model made of the test pictures.
   *
   * @param outputs of a batch of noise, whose last picture is black
   * @param sample the first picture's result that is valid
   */
  public record Tested(Found found, Outputs outputs, Result sample) {}

  /**
   * Loads the model and predicts in this JVM, without Spark, and returns all that was found.
   *
   * @throws InputException if a lane cannot predict
   */
  public static Tested test(LaneSpec spec) {
    try {
      return new Preflight(spec).tested();
    } catch (PredictionException e) {
      throw refusal(e);
    }
  }

  @Override
  public Answer call(Integer ignored) {
    try {
      return new Answer(tested().found(), null);
    } catch (InputException e) {
      return new Answer(null, e);
    } catch (PredictionException e) {
      return new Answer(null, refusal(e));
    }
  }

  private static ModelException refusal(PredictionException e) {
    return new ModelException("model.path", String.valueOf(e.getMessage()));
  }

  private Tested tested() {
    ThreadBounds.ofMachine(Session.localCores()).checkThreads(spec.config().intraOpThreads());
    LaneDevice device = spec.pin();
    LaneMemory.of(spec, spec.decodeThreads(device)).requireWithin(LaneMemory.ofThisJvm());
    Predicted predicted = predict(device);
    return new Tested(found(device, predicted), predicted.outputs(), predicted.sample());
  }

  /**
   * What three predictions show.
   *
   * @param seconds the shortest time of a forward pass; the first ones are slow, because the engine
   *     compiles
   */
  private record Predicted(double seconds, List<String> warnings, Outputs outputs, Result sample) {}

  /**
   * Predicts a batch of noise with a black picture at its end, the same again, and the pictures
   * moved on by one place; a batch of one is noise, noise and black.
   */
  private Predicted predict(LaneDevice device) {
    try (Predictor predictor = spec.openPredictor(device, spec.config().modelScope())) {
      return predict(predictor, device);
    }
  }

  private Predicted predict(Predictor predictor, LaneDevice device) {
    int frames = spec.batchSize();
    int frameBytes = spec.batch(ByteBuffer.allocate(0)).bytes() / frames;
    Random random = new Random(1);
    try (PixelBuffer first = new PixelBuffer((long) frames * frameBytes);
        PixelBuffer moved = new PixelBuffer((long) frames * frameBytes)) {
      byte[] noise = new byte[frameBytes];
      byte[] black = new byte[frameBytes]; // New memory holds anything.
      first.bytes().put((frames - 1) * frameBytes, black);
      moved.bytes().put(0, black);
      for (int i = 0; i < Math.max(1, frames - 1); i++) {
        random.nextBytes(noise);
        first.bytes().put(i * frameBytes, noise);
        if (frames > 1) {
          moved.bytes().put((i + 1) * frameBytes, noise);
        }
      }
      List<Outputs> outputs = new ArrayList<>();
      long shortest = Long.MAX_VALUE;
      for (PixelBuffer pixels : List.of(first, first, moved)) {
        long from = System.nanoTime();
        outputs.add(outputs(predictor, device, pixels.bytes()));
        shortest = Math.min(shortest, System.nanoTime() - from);
      }
      TestOutputs tested = new TestOutputs(spec, outputs);
      Result sample = tested.sample();
      return new Predicted(shortest / 1e9, tested.warnings(), outputs.get(0), sample);
    }
  }

  /** Predicts a batch; if that fails, and would not with another input, the error says so. */
  private Outputs outputs(Predictor predictor, LaneDevice device, ByteBuffer pixels) {
    try {
      return predictor.predict(spec.batch(pixels));
    } catch (PredictionException e) {
      if (String.valueOf(e.getMessage()).contains("; write ")) { // It knows the line.
        throw e;
      }
      for (InputContract input : InputContract.usual()) {
        if (!input.equals(spec.model().input()) && predicts(device, spec.with(input), pixels)) {
          throw new PredictionException(
              "%s; it takes another input: write input=%s into its serving.properties, or set model.input"
                  .formatted(e.getMessage(), input.key()),
              e);
        }
      }
      throw e;
    }
  }

  private static boolean predicts(LaneDevice device, LaneSpec spec, ByteBuffer pixels) {
    try (Predictor predictor = spec.openPredictor(device, spec.config().modelScope())) {
      Batch batch = spec.batch(pixels);
      Outputs outputs = predictor.predict(batch);
      Geometry same = Geometry.same(batch.width(), batch.height());
      var unused = spec.results().of(outputs, 0, same);
      return true;
    } catch (PredictionException | InvalidResultException e) {
      return false;
    }
  }

  private Found found(LaneDevice device, Predicted predicted) {
    return new Found(
        device,
        spec.engine().version(),
        spec.engine().gpuCount(),
        HostCpu.model(),
        Session.localCores(),
        spec.decodeThreads(device),
        LaneMemory.ofThisJvm(),
        predicted.seconds(),
        predicted.warnings());
  }
}
