package io.tandem.engine.pytorch;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.translate.NoBatchifyTranslator;
import ai.djl.translate.TranslateException;
import ai.djl.translate.TranslatorContext;
import io.tandem.engine.Batch;
import io.tandem.engine.Outputs;
import io.tandem.engine.Predictor;
import io.tandem.model.InputContract;
import io.tandem.model.ModelSpec;
import io.tandem.model.PredictionException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Predicts whole batches with DJL; does not copy the pixels. */
final class PyTorchPredictor implements Predictor {
  private final ModelSpec spec;
  private final ai.djl.inference.Predictor<Batch, Outputs> predictor;

  PyTorchPredictor(Model model, ModelSpec spec) {
    this.spec = spec;
    this.predictor = model.newPredictor(new BatchTranslator(spec));
  }

  @Override
  public Outputs predict(Batch batch) {
    try {
      return predictor.predict(batch);
    } catch (TranslateException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new PredictionException(
          "%s in %s fails on a batch: %s"
              .formatted(spec.file(), spec.folder(), LibtorchMessage.ofPrediction(cause)),
          cause);
    }
  }

  @Override
  public void close() {
    predictor.close();
  }

  /** Translates pixels to output tensors on the host; native arrays are freed after each batch. */
  private static final class BatchTranslator implements NoBatchifyTranslator<Batch, Outputs> {
    private final ModelSpec spec;
    private int frames;

    BatchTranslator(ModelSpec spec) {
      this.spec = spec;
    }

    @Override
    public NDList processInput(TranslatorContext context, Batch batch) {
      frames = batch.frames();
      Shape shape =
          switch (batch.layout()) {
            case INTERLEAVED -> new Shape(batch.frames(), batch.height(), batch.width(), 3);
            case PLANES -> new Shape(batch.frames(), 3, batch.height(), batch.width());
          };
      NDArray rgb =
          context
              .getNDManager()
              .create(batch.pixels().slice(0, batch.bytes()), shape, DataType.UINT8);
      return new NDList(spec.input() == InputContract.FLOAT_NCHW ? normalised(context, rgb) : rgb);
    }

    private NDArray normalised(TranslatorContext context, NDArray rgb) {
      NDArray floats = rgb.toType(DataType.FLOAT32, true);
      return floats
          .divi(255f)
          .subi(perChannel(context, spec.mean()))
          .divi(perChannel(context, spec.std()));
    }

    private static NDArray perChannel(TranslatorContext context, List<Float> rgb) {
      float[] values = {rgb.get(0), rgb.get(1), rgb.get(2)};
      return context.getNDManager().create(values, new Shape(1, 3, 1, 1));
    }

    @Override
    public Outputs processOutput(TranslatorContext context, NDList output) {
      Map<String, Outputs.Tensor> tensors = new LinkedHashMap<>();
      for (int i = 0; i < output.size(); i++) {
        NDArray array = output.get(i);
        String name = Objects.requireNonNullElse(array.getName(), "output" + i);
        NDArray floats = array.toType(DataType.FLOAT32, false);
        tensors.put(name, new Outputs.Tensor(floats.toFloatArray(), array.getShape().getShape()));
      }
      return new Outputs(frames, tensors);
    }
  }
}
