package io.tandem.lane;

import io.tandem.engine.Batch;
import io.tandem.engine.LoadedModel;
import io.tandem.engine.Outputs;
import io.tandem.engine.Predictor;
import java.util.function.Supplier;

/** Predictors that close what they use. */
final class Predictors {
  private Predictors() {}

  /** Returns a predictor that closes another resource after itself. */
  static Predictor closing(Predictor predictor, Runnable resource) {
    return new Predictor() {
      @Override
      public Outputs predict(Batch batch) {
        return predictor.predict(batch);
      }

      @Override
      public void close() {
        predictor.close();
        resource.run();
      }
    };
  }

  /** Returns a predictor that closes its model after itself; closes the model if it fails. */
  static Predictor owning(LoadedModel model, Supplier<Predictor> open) {
    try {
      return closing(open.get(), model::close);
    } catch (RuntimeException | Error e) {
      model.close();
      throw e;
    }
  }

  /** Returns a predictor that loads its model again for each batch, to show what that costs. */
  static Predictor reloading(Supplier<Predictor> load) {
    return new Predictor() {
      @Override
      public Outputs predict(Batch batch) {
        try (Predictor once = load.get()) {
          return once.predict(batch);
        }
      }

      @Override
      public void close() {}
    };
  }
}
