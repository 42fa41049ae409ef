package io.tandem.engine.pytorch;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.engine.EngineException;
import io.tandem.engine.LoadedModel;
import io.tandem.engine.Predictor;
import io.tandem.engine.SessionOptions;
import io.tandem.engine.djl.DjlPredictor;
import io.tandem.model.InputContract;
import io.tandem.model.ModelSpec;
import io.tandem.model.PredictionException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A TorchScript module in the memory of one device. */
final class PyTorchModel implements LoadedModel {
  private final Model model;
  private @Nullable Bfloat16 bfloat16;

  private PyTorchModel(Model model) {
    this.model = model;
  }

  /** Loads the model file onto a device. */
  static PyTorchModel load(ModelSpec spec, Path folder, Device device) {
    Path file = spec.file(folder);
    String name = file.getFileName().toString();
    Model model = Model.newInstance(name, device, "PyTorch");
    try {
      // Without mapLocation, constants of a frozen model stay on the device of the export.
      model.load(file.getParent(), name, Map.of("mapLocation", "true"));
      return new PyTorchModel(model);
    } catch (IOException | MalformedModelException | EngineException e) {
      model.close();
      throw new PredictionException(
          "%s in %s cannot be loaded as TorchScript: %s"
              .formatted(
                  spec.file(),
                  spec.folder(),
                  LibtorchMessage.ofLoading(
                      e, file, ai.djl.engine.Engine.getEngine("PyTorch").getVersion())),
          e);
    }
  }

  @Override
  public Predictor newPredictor(ModelSpec spec, SessionOptions options) {
    Bfloat16 cast = spec.input().type() == InputContract.Type.BFLOAT16 ? bfloat16() : null;
    return new DjlPredictor(
        model,
        spec,
        new TorchArrays(spec, cast),
        e -> LibtorchMessage.ofPrediction(e, spec.input()));
  }

  private synchronized Bfloat16 bfloat16() {
    Bfloat16 cast = bfloat16;
    if (cast == null) {
      cast = Bfloat16.on(model.getNDManager().getDevice());
      bfloat16 = cast;
    }
    return cast;
  }

  @Override
  public synchronized void close() {
    if (bfloat16 != null) {
      bfloat16.close();
    }
    model.close();
  }
}
