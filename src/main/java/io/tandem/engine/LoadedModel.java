package io.tandem.engine;

import io.tandem.model.ModelSpec;
import java.util.List;

/** A model in the memory of one device. Thread-safe. */
public interface LoadedModel extends AutoCloseable {
  /**
   * Creates a predictor for one lane, with its own native memory.
   *
   * @param model the input and output contract; settings may override that of the model files
   */
  Predictor newPredictor(ModelSpec model, SessionOptions options);

  /**
   * Returns what the file says of its inputs and outputs, such as "takes images float32 [n, 3, 224,
   * 224]"; empty if it says nothing.
   */
  default List<String> signature() {
    return List.of();
  }

  @Override
  void close();
}
