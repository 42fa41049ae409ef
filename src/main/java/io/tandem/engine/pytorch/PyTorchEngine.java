package io.tandem.engine.pytorch;

import ai.djl.engine.EngineException;
import ai.djl.pytorch.jni.JniUtils;
import io.tandem.conf.Device;
import io.tandem.conf.Settings;
import io.tandem.engine.Engine;
import io.tandem.engine.LoadedModel;
import io.tandem.engine.SessionOptions;
import io.tandem.engine.djl.LibraryCache;
import io.tandem.model.ModelSpec;
import io.tandem.model.PredictionException;
import java.nio.file.Path;
import java.util.List;

/**
 * Runs libtorch in this JVM: loads it once, offline, from a cache per host. A file lock protects
 * the unpacking, because DJL protects it only within one JVM.
 */
final class PyTorchEngine implements Engine {
  private final ai.djl.engine.Engine engine;

  private PyTorchEngine(ai.djl.engine.Engine engine) {
    this.engine = engine;
  }

  /** Loads libtorch with these settings. */
  static PyTorchEngine start(Settings.Engine settings) {
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("OPT_OUT_TRACKING", "true");
    if (settings.libraryPath() != null) {
      System.setProperty("PYTORCH_LIBRARY_PATH", settings.libraryPath());
    }
    if (settings.flavor() != null) {
      System.setProperty("PYTORCH_FLAVOR", settings.flavor());
    }
    System.setProperty(
        "ai.djl.pytorch.enable_cuda_stream", Boolean.toString(settings.separateStreams()));
    System.setProperty(
        "ai.djl.pytorch.cudnn_benchmark", Boolean.toString(settings.cudnnBenchmark()));
    Path cache = settings.cache();
    System.setProperty("DJL_CACHE_DIR", cache.toString());
    return LibraryCache.locked(cache, "libtorch", PyTorchEngine::loaded);
  }

  private static PyTorchEngine loaded() {
    try {
      return new PyTorchEngine(ai.djl.engine.Engine.getEngine("PyTorch"));
    } catch (EngineException e) {
      ClassLoader classPath = PyTorchEngine.class.getClassLoader();
      for (String part : List.of("native/lib", "jnilib")) {
        if (classPath.getResource(part + "/pytorch.properties") == null) {
          throw new PredictionException(
              "libtorch is not on the class path; its jars are pytorch-native-cpu and pytorch-jni of ai.djl.pytorch, and submit.sh adds those in target/natives",
              e);
        }
      }
      throw e;
    }
  }

  @Override
  public String version() {
    return "DJL PyTorch " + engine.getVersion();
  }

  @Override
  public int gpuCount() {
    return engine.getGpuCount();
  }

  /**
   * {@inheritDoc} The thread keeps the value of an earlier task, and its first parallel operation
   * replaces the value with the process-wide one.
   */
  @Override
  public void pinIntraOpThreads(int threads) {
    JniUtils.setNumThreads(threads);
  }

  @Override
  public boolean bindsThreadsToModel() {
    return false;
  }

  @Override
  public LoadedModel load(ModelSpec model, Path folder, Device device, SessionOptions options) {
    return PyTorchModel.load(model, folder, device(device));
  }

  private static ai.djl.Device device(Device device) {
    return device.isGpu() ? ai.djl.Device.gpu(device.index()) : ai.djl.Device.cpu();
  }
}
