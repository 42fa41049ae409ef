package io.tandem.engine.onnxruntime;

import ai.djl.Model;
import ai.djl.onnxruntime.engine.OrtNDManager;
import ai.djl.onnxruntime.engine.OrtSymbolBlock;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions.ExecutionMode;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import ai.onnxruntime.providers.OrtCUDAProviderOptions;
import io.tandem.conf.Device;
import io.tandem.conf.Settings;
import io.tandem.engine.SessionOptions;
import io.tandem.model.ModelSpec;
import io.tandem.model.PredictionException;
import java.nio.file.Path;

/**
 * Opens sessions of one model file on one device.
 *
 * @param folder the local folder of the file
 */
record SessionFactory(
    OrtEnvironment environment,
    Settings.Engine settings,
    ModelSpec spec,
    Path folder,
    Device device,
    SessionOptions options) {

  /**
   * A session, as a model of DJL.
   *
   * @param model closes the session
   */
  record Session(Model model, ModelSignature signature) implements AutoCloseable {
    @Override
    public void close() {
      model.close();
    }
  }

  /** Opens a session. DJL's own loader would hide the session, and with it the inputs it takes. */
  Session open() {
    Path file = spec.file(folder);
    Model model = Model.newInstance(file.getFileName().toString(), djlDevice(), "OnnxRuntime");
    try (OrtSession.SessionOptions with = sessionOptions()) {
      OrtSession session = environment.createSession(file.toString(), with);
      model.setBlock(new OrtSymbolBlock(session, (OrtNDManager) model.getNDManager()));
      return new Session(
          model, new ModelSignature(session.getInputInfo(), session.getOutputInfo()));
    } catch (OrtException e) {
      model.close();
      throw new PredictionException(
          "%s in %s cannot be loaded as ONNX: %s"
              .formatted(spec.file(), spec.folder(), OnnxRuntimeMessage.ofLoading(e, file)),
          e);
    }
  }

  private ai.djl.Device djlDevice() {
    return device.isGpu() ? ai.djl.Device.gpu(device.index()) : ai.djl.Device.cpu();
  }

  /**
   * Returns options for lanes that share a machine: threads that wait leave the cores to others.
   */
  private OrtSession.SessionOptions sessionOptions() throws OrtException {
    OrtSession.SessionOptions with = new OrtSession.SessionOptions();
    with.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL); // Errors are exceptions.
    with.setIntraOpNumThreads(options.intraOpThreads());
    with.setInterOpNumThreads(1);
    with.setExecutionMode(ExecutionMode.SEQUENTIAL);
    with.setOptimizationLevel(OptLevel.ALL_OPT);
    with.setCPUArenaAllocator(true);
    with.setMemoryPatternOptimization(true);
    with.addConfigEntry("session.set_denormal_as_zero", "1");
    with.addConfigEntry("session.intra_op.allow_spinning", options.lanes() > 1 ? "0" : "1");
    if (device.isGpu()) {
      try (OrtCUDAProviderOptions cuda = new OrtCUDAProviderOptions(device.index())) {
        cuda.add("use_tf32", settings.tf32() ? "1" : "0");
        cuda.add("cudnn_conv_algo_search", settings.cudnnBenchmark() ? "EXHAUSTIVE" : "HEURISTIC");
        with.addCUDA(cuda);
      }
    }
    return with;
  }
}
