package io.tandem.engine;

import io.tandem.conf.Device;
import io.tandem.model.ModelSpec;
import java.nio.file.Path;

/** An inference engine in this JVM. Thread-safe. */
public interface Engine {
  /** Returns the name and version, for example "DJL PyTorch 2.7.1". */
  String version();

  /** Returns the number of GPUs visible to the engine in this process. */
  int gpuCount();

  /**
   * Sets the number of intra-op threads of the calling thread, if the engine has a per-thread
   * setting. Must be called at the start of a task, and again after its warm-up.
   */
  void pinIntraOpThreads(int threads);

  /**
   * Returns whether a loaded model has a fixed number of intra-op threads; if so, lanes share a
   * model only if they use the same number.
   */
  boolean bindsThreadsToModel();

  /**
   * Loads a model onto a device.
   *
   * @param folder the local folder of the model file
   * @throws io.tandem.model.PredictionException if the engine cannot load the file
   */
  LoadedModel load(ModelSpec model, Path folder, Device device, SessionOptions options);
}
