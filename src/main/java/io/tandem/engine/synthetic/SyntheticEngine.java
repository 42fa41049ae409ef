package io.tandem.engine.synthetic;

import io.tandem.conf.Device;
import io.tandem.conf.Settings;
import io.tandem.engine.Engine;
import io.tandem.engine.LoadedModel;
import io.tandem.engine.Predictor;
import io.tandem.engine.SessionOptions;
import io.tandem.model.ModelSpec;
import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantLock;

/** Sleeps instead of running a model, so that the speedup of N lanes is known on any machine. */
final class SyntheticEngine implements Engine {
  private final Settings.Synthetic settings;

  /** A fair lock: first come, first served. */
  private final ReentrantLock shared = new ReentrantLock(true);

  SyntheticEngine(Settings.Synthetic settings) {
    this.settings = settings;
  }

  @Override
  public String version() {
    return "synthetic";
  }

  @Override
  public int gpuCount() {
    return 0;
  }

  @Override
  public void pinIntraOpThreads(int threads) {}

  @Override
  public boolean bindsThreadsToModel() {
    return false;
  }

  @Override
  public LoadedModel load(ModelSpec model, Path folder, Device device, SessionOptions options) {
    return new LoadedModel() {
      @Override
      public Predictor newPredictor(ModelSpec contract, SessionOptions use) {
        return new SleepingPredictor(settings, shared, use);
      }

      @Override
      public void close() {}
    };
  }
}
