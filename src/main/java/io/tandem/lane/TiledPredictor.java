package io.tandem.lane;

import io.tandem.engine.Batch;
import io.tandem.engine.Outputs;
import io.tandem.engine.Predictor;
import io.tandem.frame.PixelLayout;
import io.tandem.model.PredictionException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Predicts pictures that are larger than a tile in tiles of equal size, one after the other, and
 * joins the tiles' pictures. Tiles overlap, and of an overlap each pixel is taken from the tile in
 * whose middle it is nearer: where the overlap is at least twice as wide as a network sees around a
 * pixel, the result is that of the whole picture. Bounds the memory of a forward pass to that of a
 * tile.
 */
final class TiledPredictor implements Predictor {
  private final Predictor predictor;
  private final int tile;
  private final int overlap;
  private final boolean isInterleaved;
  private @Nullable ByteBuffer pixels;

  /**
   * @param tile the side of a tile, in pixels of the input; a picture of fewer pixels than a tile's
   *     square is predicted whole
   * @param overlap how many pixels two neighbours have in common, at least
   * @param isInterleaved whether the outputs are [frames, height, width, channels]
   */
  TiledPredictor(Predictor predictor, int tile, int overlap, boolean isInterleaved) {
    this.predictor = predictor;
    this.tile = tile;
    this.overlap = overlap;
    this.isInterleaved = isInterleaved;
  }

  @Override
  public Outputs predict(Batch batch) {
    if ((long) batch.width() * batch.height() <= (long) tile * tile) {
      return predictor.predict(batch);
    }
    Cuts x = Cuts.of(batch.width(), tile, overlap);
    Cuts y = Cuts.of(batch.height(), tile, overlap);
    Map<String, Joined> joined = new LinkedHashMap<>();
    for (int frame = 0; frame < batch.frames(); frame++) {
      for (int row = 0; row < y.count(); row++) {
        for (int column = 0; column < x.count(); column++) {
          Outputs outputs =
              predictor.predict(cut(batch, frame, x.from(column), y.from(row), x.size(), y.size()));
          for (String name : outputs.names()) {
            Outputs.Tensor part = outputs.pick(name);
            if (part.shape().length == 4) {
              joined
                  .computeIfAbsent(name, first -> Joined.of(part, batch, x, y, isInterleaved))
                  .put(part, frame, column, row, x, y);
            }
          }
        }
      }
    }
    Map<String, Outputs.Tensor> tensors = new LinkedHashMap<>();
    joined.forEach((name, whole) -> tensors.put(name, whole.tensor()));
    return new Outputs(batch.frames(), tensors);
  }

  /** Copies a tile of a frame. */
  private Batch cut(Batch batch, int frame, int left, int top, int width, int height) {
    int bytes = batch.channels() * width * height;
    ByteBuffer to = pixels;
    if (to == null || to.capacity() < bytes) {
      to = ByteBuffer.allocateDirect(bytes);
      pixels = to;
    }
    boolean planes = batch.layout() == PixelLayout.PLANES;
    int layers = planes ? batch.channels() : 1;
    int pixel = planes ? 1 : batch.channels();
    for (int layer = 0; layer < layers; layer++) {
      for (int row = 0; row < height; row++) {
        int line = (frame * layers + layer) * batch.height() + top + row;
        to.put(
            (layer * height + row) * width * pixel,
            batch.pixels(),
            (line * batch.width() + left) * pixel,
            width * pixel);
      }
    }
    return new Batch(to, 1, batch.layout(), batch.channels(), width, height);
  }

  /**
   * How a side is cut.
   *
   * @param size of each tile
   * @param length of the side
   * @param count the number of tiles
   */
  private record Cuts(int size, int length, int count) {
    static Cuts of(int length, int tile, int overlap) {
      int size = Math.min(length, tile);
      int step = Math.max(1, size - overlap);
      return new Cuts(size, length, length <= size ? 1 : 1 + (length - size + step - 1) / step);
    }

    /** Returns where a tile begins: tiles are spread evenly, the last one ends with the side. */
    int from(int index) {
      return count == 1 ? 0 : (int) ((long) index * (length - size) / (count - 1));
    }

    /** Returns from where on a tile's pixels are taken: from the middle of its overlap. */
    int takenFrom(int index) {
      return index == 0 ? 0 : (from(index - 1) + size + from(index)) / 2;
    }
  }

  /** A whole output that tiles fill. */
  private static final class Joined {
    private final float[] values;
    private final long[] shape;
    private final boolean isInterleaved;
    private final int channels;
    private final int height;
    private final int width;
    private final int scaleX;
    private final int scaleY;

    private Joined(long[] shape, boolean isInterleaved, int scaleX, int scaleY) {
      this.shape = shape;
      this.isInterleaved = isInterleaved;
      this.channels = (int) shape[isInterleaved ? 3 : 1];
      this.height = (int) shape[isInterleaved ? 1 : 2];
      this.width = (int) shape[isInterleaved ? 2 : 3];
      this.scaleX = scaleX;
      this.scaleY = scaleY;
      this.values = new float[Math.toIntExact(Arrays.stream(shape).reduce(1, Math::multiplyExact))];
    }

    static Joined of(Outputs.Tensor part, Batch batch, Cuts x, Cuts y, boolean isInterleaved) {
      long[] shape = part.shape().clone();
      int heightAt = isInterleaved ? 1 : 2;
      if (shape[heightAt] % y.size() != 0 || shape[heightAt + 1] % x.size() != 0) {
        throw new PredictionException(
            "frames of %d x %d pixels are predicted in tiles of %d x %d, and a tile's output %s is no multiple of it; write a larger tile=... into its serving.properties"
                .formatted(
                    batch.width(), batch.height(), x.size(), y.size(), Arrays.toString(shape)),
            null);
      }
      int scaleY = (int) (shape[heightAt] / y.size());
      int scaleX = (int) (shape[heightAt + 1] / x.size());
      shape[0] = batch.frames();
      shape[heightAt] = (long) scaleY * batch.height();
      shape[heightAt + 1] = (long) scaleX * batch.width();
      return new Joined(shape, isInterleaved, scaleX, scaleY);
    }

    void put(Outputs.Tensor part, int frame, int column, int row, Cuts x, Cuts y) {
      int left = scaleX * x.takenFrom(column);
      int right = column + 1 == x.count() ? width : scaleX * x.takenFrom(column + 1);
      int top = scaleY * y.takenFrom(row);
      int bottom = row + 1 == y.count() ? height : scaleY * y.takenFrom(row + 1);
      int partLeft = left - scaleX * x.from(column);
      int partTop = top - scaleY * y.from(row);
      int partWidth = scaleX * x.size();
      int partHeight = scaleY * y.size();
      int layers = isInterleaved ? 1 : channels;
      int pixel = isInterleaved ? channels : 1;
      for (int layer = 0; layer < layers; layer++) {
        for (int line = top; line < bottom; line++) {
          int from = (layer * partHeight + partTop + line - top) * partWidth + partLeft;
          int to = ((frame * layers + layer) * height + line) * width + left;
          System.arraycopy(part.values(), from * pixel, values, to * pixel, (right - left) * pixel);
        }
      }
    }

    Outputs.Tensor tensor() {
      return new Outputs.Tensor(values, shape);
    }
  }

  @Override
  public void close() {
    predictor.close();
  }
}
