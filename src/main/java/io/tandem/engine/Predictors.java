package io.tandem.engine;

import io.tandem.conf.Device;
import io.tandem.conf.ModelScope;
import io.tandem.conf.Settings;
import io.tandem.model.ModelSpec;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;

/** Makes a lane's predictor, and decides by the model scope whose model it uses. */
public final class Predictors {
  /** The models of this JVM; they stay for the JVM's life. */
  private static final Map<Key, LoadedModel> MODELS = new ConcurrentHashMap<>();

  private record Key(String fingerprint, Device device) {}

  private Predictors() {}

  /** Opens a lane's predictor. */
  public static BatchPredictor open(
      ModelSpec spec,
      ModelScope scope,
      Device device,
      int batchSize,
      int topK,
      Settings.Engine engine,
      Configuration hadoop) {
    return switch (scope) {
      case EXECUTOR ->
          MODELS
              .computeIfAbsent(
                  new Key(spec.fingerprint(), device),
                  key -> LoadedModel.load(spec, device, engine, hadoop))
              .newPredictor(spec, batchSize, topK);
      case TASK ->
          new OwnModelPredictor(
              spec, LoadedModel.load(spec, device, engine, hadoop), batchSize, topK);
      case PREDICTION ->
          new ReloadingPredictor(
              () ->
                  new OwnModelPredictor(
                      spec, LoadedModel.load(spec, device, engine, hadoop), batchSize, topK));
    };
  }

  /** Has a model for itself, and closes it. */
  private static final class OwnModelPredictor implements BatchPredictor {
    private final LoadedModel model;
    private final BatchPredictor predictor;

    OwnModelPredictor(ModelSpec spec, LoadedModel model, int batchSize, int topK) {
      this.model = model;
      this.predictor = model.newPredictor(spec, batchSize, topK);
    }

    @Override
    public Scores predict(ByteBuffer pixels) {
      return predictor.predict(pixels);
    }

    @Override
    public void close() {
      predictor.close();
      model.close();
    }
  }

  /**
   * Loads the model anew for each batch, which is what one should not do: here to show its cost.
   */
  private static final class ReloadingPredictor implements BatchPredictor {
    private final Supplier<BatchPredictor> loader;

    ReloadingPredictor(Supplier<BatchPredictor> loader) {
      this.loader = loader;
    }

    @Override
    public Scores predict(ByteBuffer pixels) {
      try (BatchPredictor once = loader.get()) {
        return once.predict(pixels);
      }
    }

    @Override
    public void close() {}
  }
}
