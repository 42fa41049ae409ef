package io.tandem.lane;

import io.tandem.engine.Batch;
import io.tandem.engine.Outputs;
import io.tandem.engine.Predictor;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Predicts a batch in parts of a fixed number of frames, for a model that takes no other, and joins
 * the outputs. A last part that is not full is filled with its first frame, whose outputs are
 * dropped.
 */
final class LoopingPredictor implements Predictor {
  private final Predictor predictor;
  private final int size;
  private @Nullable ByteBuffer last;

  /**
   * @param size how many frames the model takes
   */
  LoopingPredictor(Predictor predictor, int size) {
    this.predictor = predictor;
    this.size = size;
  }

  @Override
  public Outputs predict(Batch batch) {
    if (batch.frames() == size) {
      return predictor.predict(batch);
    }
    int frameBytes = batch.bytes() / batch.frames();
    Map<String, Outputs.Tensor> joined = new LinkedHashMap<>();
    for (int from = 0; from < batch.frames(); from += size) {
      int frames = Math.min(size, batch.frames() - from);
      Outputs part = predictor.predict(part(batch, from, frames, frameBytes));
      for (String name : part.names()) {
        Outputs.Tensor tensor = part.pick(name);
        if (tensor.shape().length == 0 || tensor.shape()[0] != size) {
          joined.putIfAbsent(name, tensor); // The same for all frames.
          continue;
        }
        int values = tensor.values().length / size;
        Outputs.Tensor whole =
            joined.computeIfAbsent(name, first -> whole(tensor, batch.frames(), values));
        System.arraycopy(tensor.values(), 0, whole.values(), from * values, frames * values);
      }
    }
    return new Outputs(batch.frames(), joined);
  }

  private Batch part(Batch batch, int from, int frames, int frameBytes) {
    ByteBuffer pixels;
    if (frames == size) {
      pixels = batch.pixels().slice(from * frameBytes, size * frameBytes);
    } else {
      pixels = last != null && last.capacity() == size * frameBytes ? last : newLast(frameBytes);
      for (int i = 0; i < size; i++) {
        int frame = from + (i < frames ? i : 0);
        pixels.put(i * frameBytes, batch.pixels(), frame * frameBytes, frameBytes);
      }
    }
    return new Batch(pixels, size, batch.layout(), batch.channels(), batch.width(), batch.height());
  }

  private ByteBuffer newLast(int frameBytes) {
    ByteBuffer created = ByteBuffer.allocateDirect(size * frameBytes);
    last = created;
    return created;
  }

  private static Outputs.Tensor whole(Outputs.Tensor part, int frames, int values) {
    long[] shape = part.shape().clone();
    shape[0] = frames;
    return new Outputs.Tensor(new float[Math.multiplyExact(frames, values)], shape);
  }

  @Override
  public void close() {
    predictor.close();
  }
}
