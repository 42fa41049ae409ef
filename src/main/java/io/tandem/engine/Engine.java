package io.tandem.engine;

import io.tandem.conf.Device;
import io.tandem.model.ModelSpec;
import java.nio.file.Path;

/** An engine that runs in this JVM. Safe for several threads. */
public interface Engine {
  /** Returns its name and version, such as "DJL PyTorch 2.7.1". */
  String version();

  /** Returns the number of GPUs that it sees in this process. */
  int gpuCount();

  /**
   * Sets the number of intra-op threads of the calling thread, if the engine keeps it by thread. To
   * be called at the start of a task, and again after its warm-up.
   */
  void pinIntraOpThreads(int threads);

  /**
   * Returns whether a loaded model keeps its intra-op threads: then lanes share a model only if
   * their threads are the same.
   */
  boolean bindsThreadsToModel();

  /**
   * Loads a model onto a device.
   *
   * @param folder the local folder that holds the model's file
   * @throws io.tandem.model.PredictionException if the engine cannot load the file
   */
  LoadedModel load(ModelSpec model, Path folder, Device device, SessionOptions options);
}
