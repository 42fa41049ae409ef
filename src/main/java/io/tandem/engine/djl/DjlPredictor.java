package io.tandem.engine.djl;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.translate.NoBatchifyTranslator;
import ai.djl.translate.TranslateException;
import ai.djl.translate.TranslatorContext;
import io.tandem.engine.Batch;
import io.tandem.engine.Outputs;
import io.tandem.engine.Predictor;
import io.tandem.model.ModelSpec;
import io.tandem.model.PredictionException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/** Predicts whole batches with DJL, by any of its engines; does not copy the pixels. */
public final class DjlPredictor implements Predictor {
  private final ModelSpec spec;
  private final Function<Throwable, String> message;
  private final ai.djl.inference.Predictor<Batch, Outputs> predictor;

  /** Converts pixels to a model's input, and its outputs to floats, as far as an engine can. */
  public interface Arrays {
    /** Returns the input of a batch; {@code manager} frees it after the forward pass. */
    NDArray input(NDManager manager, Batch batch);

    /** Returns the values of an output, which is not of float32. */
    float[] floats(NDArray output);
  }

  /**
   * Creates the predictor of one lane.
   *
   * @param arrays the engine's conversions
   * @param message says in one sentence why a prediction failed
   */
  public DjlPredictor(
      Model model, ModelSpec spec, Arrays arrays, Function<Throwable, String> message) {
    this.spec = spec;
    this.message = message;
    this.predictor = model.newPredictor(new BatchTranslator(arrays));
  }

  /** Returns the pixels of a batch as an array of uint8, without copying them. */
  public static NDArray pixels(NDManager manager, Batch batch) {
    return manager.create(batch.pixels().slice(0, batch.bytes()), shape(batch), DataType.UINT8);
  }

  /** Returns the shape of a batch. */
  public static Shape shape(Batch batch) {
    return switch (batch.layout()) {
      case INTERLEAVED ->
          new Shape(batch.frames(), batch.height(), batch.width(), batch.channels());
      case PLANES -> new Shape(batch.frames(), batch.channels(), batch.height(), batch.width());
    };
  }

  @Override
  public Outputs predict(Batch batch) {
    try {
      return predictor.predict(batch);
    } catch (TranslateException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new PredictionException(
          "%s in %s fails on a batch: %s"
              .formatted(spec.file(), spec.folder(), message.apply(cause)),
          cause);
    }
  }

  @Override
  public void close() {
    predictor.close();
  }

  /** Translates pixels to output tensors on the host; native arrays are freed after each batch. */
  private static final class BatchTranslator implements NoBatchifyTranslator<Batch, Outputs> {
    private final Arrays arrays;
    private int frames;

    BatchTranslator(Arrays arrays) {
      this.arrays = arrays;
    }

    @Override
    public NDList processInput(TranslatorContext context, Batch batch) {
      frames = batch.frames();
      return new NDList(arrays.input(context.getNDManager(), batch));
    }

    @Override
    public Outputs processOutput(TranslatorContext context, NDList output) {
      Map<String, Outputs.Tensor> tensors = new LinkedHashMap<>();
      for (int i = 0; i < output.size(); i++) {
        NDArray array = output.get(i);
        String name = Objects.requireNonNullElse(array.getName(), "output" + i);
        float[] floats =
            array.getDataType() == DataType.FLOAT32 ? array.toFloatArray() : arrays.floats(array);
        tensors.put(name, new Outputs.Tensor(floats, array.getShape().getShape()));
      }
      return new Outputs(frames, tensors);
    }
  }
}
