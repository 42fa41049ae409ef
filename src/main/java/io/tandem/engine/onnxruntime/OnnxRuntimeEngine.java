package io.tandem.engine.onnxruntime;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtProvider;
import io.tandem.conf.Device;
import io.tandem.conf.Settings;
import io.tandem.engine.Engine;
import io.tandem.engine.LoadedModel;
import io.tandem.engine.SessionOptions;
import io.tandem.model.ModelSpec;
import io.tandem.model.PredictionException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Runs ONNX Runtime in this JVM: its library is loaded once, from a folder per host. */
final class OnnxRuntimeEngine implements Engine {
  private final Settings.Engine settings;
  private final ai.djl.engine.Engine engine;
  private final OrtEnvironment environment;

  private OnnxRuntimeEngine(
      Settings.Engine settings, ai.djl.engine.Engine engine, OrtEnvironment environment) {
    this.settings = settings;
    this.engine = engine;
    this.environment = environment;
  }

  /** Loads ONNX Runtime with these settings. */
  static OnnxRuntimeEngine start(Settings.Engine settings) {
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("OPT_OUT_TRACKING", "true");
    // DJL would start PyTorch for arithmetic, and ONNX Runtime a pool of threads that no session
    // uses.
    System.setProperty("ai.djl.onnx.disable_alternative", "true");
    System.setProperty("ai.djl.onnxruntime.num_threads", "1");
    System.setProperty("ai.djl.onnxruntime.num_interop_threads", "1");
    Path folder = OnnxRuntimeLibrary.folder(settings);
    System.setProperty("onnxruntime.native.path", folder.toString());
    try {
      ai.djl.engine.Engine engine = ai.djl.engine.Engine.getEngine("OnnxRuntime");
      OrtEnvironment environment = OrtEnvironment.getEnvironment();
      environment.setTelemetry(false);
      requireVersion(environment.getVersion(), folder);
      return new OnnxRuntimeEngine(settings, engine, environment);
    } catch (RuntimeException | OrtException | LinkageError | AssertionError e) {
      throw e instanceof PredictionException known ? known : notLoaded(folder, e);
    }
  }

  private static void requireVersion(@Nullable String version, Path folder) {
    if (!OnnxRuntimeLibrary.VERSION.equals(version)) {
      throw new PredictionException(
          "ONNX Runtime in %s is version %s, and its Java classes here are %s; engine.onnxruntime-path needs a build of that version"
              .formatted(folder, version, OnnxRuntimeLibrary.VERSION),
          null);
    }
  }

  private static PredictionException notLoaded(Path folder, Throwable e) {
    return new PredictionException(
        "ONNX Runtime %s cannot be loaded from %s: %s"
            .formatted(OnnxRuntimeLibrary.VERSION, folder, OnnxRuntimeMessage.rootOf(e)),
        e);
  }

  @Override
  public String version() {
    return "DJL ONNX Runtime " + environment.getVersion();
  }

  @Override
  public int gpuCount() {
    return hasCuda() ? engine.getGpuCount() : 0;
  }

  private static boolean hasCuda() {
    return OrtEnvironment.getAvailableProviders().contains(OrtProvider.CUDA);
  }

  /** {@inheritDoc} A session has its own threads. */
  @Override
  public void pinIntraOpThreads(int threads) {}

  @Override
  public boolean bindsThreadsToModel() {
    return true;
  }

  @Override
  public LoadedModel load(ModelSpec model, Path folder, Device device, SessionOptions options) {
    if (device.isGpu() && !hasCuda()) {
      throw new PredictionException(
          "this ONNX Runtime has no CUDA; engine.onnxruntime-path names the folder of a CUDA build",
          null);
    }
    return OnnxRuntimeModel.load(
        new SessionFactory(environment, settings, model, folder, device, options));
  }
}
