package io.tandem.engine;

import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.engine.EngineException;
import io.tandem.conf.Device;
import io.tandem.conf.Settings;
import io.tandem.model.ModelFiles;
import io.tandem.model.ModelSpec;
import io.tandem.model.PredictionException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;

/** A model in one device's memory. */
final class LoadedModel implements AutoCloseable {
  private final Model model;

  private LoadedModel(Model model) {
    this.model = model;
  }

  /**
   * Loads the model, fetched to this host first where it is not on a local disk.
   *
   * @throws PredictionException where the file is no TorchScript that this engine can load
   */
  static LoadedModel load(
      ModelSpec spec, Device device, Settings.Engine engine, Configuration hadoop) {
    Path folder = ModelFiles.local(spec, engine, hadoop);
    Model model = Model.newInstance(spec.file(), TorchEngine.device(device), "PyTorch");
    try {
      // Without mapLocation a frozen model's constants stay on the device of its export.
      model.load(folder, spec.file(), Map.of("mapLocation", "true"));
      return new LoadedModel(model);
    } catch (IOException | MalformedModelException | EngineException e) {
      model.close();
      throw new PredictionException(
          "%s in %s cannot be loaded as TorchScript: %s"
              .formatted(spec.file(), spec.folder(), firstLine(e)),
          e);
    }
  }

  /**
   * A predictor for one lane, with its own native memory.
   *
   * @param spec the contract to predict by: settings may overrule what the model's files say
   */
  BatchPredictor newPredictor(ModelSpec spec, int batchSize, int topK) {
    return new DjlPredictor(model, spec, batchSize, topK);
  }

  /** What libtorch says of a failure, without its traceback: the line that names the error. */
  static String firstLine(Throwable e) {
    String message = String.valueOf(e.getMessage());
    return message
        .lines()
        .filter(line -> line.startsWith("RuntimeError: "))
        .reduce((first, last) -> last)
        .or(() -> message.lines().findFirst())
        .orElse(message);
  }

  @Override
  public void close() {
    model.close();
  }
}
