package io.tandem.engine;

import ai.djl.Model;
import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.translate.NoBatchifyTranslator;
import ai.djl.translate.TranslateException;
import ai.djl.translate.TranslatorContext;
import io.tandem.model.InputContract;
import io.tandem.model.ModelSpec;
import io.tandem.model.OutputContract;
import io.tandem.model.PredictionException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * A DJL predictor for whole batches: pixels are wrapped, not copied; only the best classes leave
 * the engine.
 */
final class DjlPredictor implements BatchPredictor {
  private final ModelSpec spec;
  private final Predictor<ByteBuffer, Scores> predictor;

  DjlPredictor(Model model, ModelSpec spec, int batchSize, int topK) {
    this.spec = spec;
    this.predictor = model.newPredictor(new BatchTranslator(spec, batchSize, topK));
  }

  @Override
  public Scores predict(ByteBuffer pixels) {
    try {
      return predictor.predict(pixels);
    } catch (TranslateException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new PredictionException(
          "%s in %s fails on a batch: %s"
              .formatted(spec.file(), spec.folder(), LoadedModel.firstLine(cause)),
          cause);
    }
  }

  @Override
  public void close() {
    predictor.close();
  }

  /** From the pixels of a batch to its best classes; every array dies with the batch. */
  private static final class BatchTranslator implements NoBatchifyTranslator<ByteBuffer, Scores> {
    private final ModelSpec spec;
    private final Shape shape;
    private final int bytes;
    private final int topK;

    BatchTranslator(ModelSpec spec, int batchSize, int topK) {
      this.spec = spec;
      this.shape =
          switch (spec.input().layout()) {
            case INTERLEAVED -> new Shape(batchSize, spec.height(), spec.width(), 3);
            case PLANES -> new Shape(batchSize, 3, spec.height(), spec.width());
          };
      this.bytes = Math.toIntExact(shape.size());
      this.topK = topK;
    }

    @Override
    public NDList processInput(TranslatorContext context, ByteBuffer pixels) {
      NDArray rgb = context.getNDManager().create(pixels.slice(0, bytes), shape, DataType.UINT8);
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
    public Scores processOutput(TranslatorContext context, NDList output) {
      NDArray scores = output.singletonOrThrow();
      Shape returned = scores.getShape();
      if (returned.dimension() != 2 || returned.get(0) != shape.get(0)) {
        throw new IllegalArgumentException(
            "it returns %s for a batch of %d, not [%d, classes]"
                .formatted(returned, shape.get(0), shape.get(0)));
      }
      if (!spec.labels().isEmpty() && spec.labels().size() != returned.get(1)) {
        throw new IllegalArgumentException(
            "it returns %d classes, but synset.txt has %d labels"
                .formatted(returned.get(1), spec.labels().size()));
      }
      int k = (int) Math.min(topK, returned.get(1));
      NDArray floats = scores.toType(DataType.FLOAT32, false);
      NDArray probabilities = spec.output() == OutputContract.LOGITS ? floats.softmax(1) : floats;
      NDList best = probabilities.topK(k, 1, true, true);
      // Classes and probabilities in one transfer: a float holds every class below 2^24.
      NDArray classes = best.get(1).toType(DataType.FLOAT32, false);
      float[] both = classes.concat(best.get(0), 1).toFloatArray();
      return Scores.of(both, k);
    }
  }
}
