package io.tandem.engine.onnxruntime;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.platform.Fp16Conversions;
import io.tandem.engine.Batch;
import io.tandem.engine.djl.DjlPredictor;
import io.tandem.frame.PixelLayout;
import io.tandem.model.ModelSpec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Normalises the pixels and converts the outputs of one lane in Java: ONNX Runtime has no operators
 * outside a model. A byte has 256 values, so normalising is a look-up.
 */
final class OnnxArrays implements DjlPredictor.Arrays {
  private final boolean isFloat;
  private final boolean isHalf;
  private final float[][] floats;
  private final short[][] halves;
  private @Nullable ByteBuffer normalised;

  /**
   * @param type the element type of the model's input
   */
  OnnxArrays(ModelSpec spec, OnnxJavaType type) {
    this.isFloat = spec.input().type().isFloat();
    this.isHalf = type == OnnxJavaType.FLOAT16;
    int channels = spec.takes().channels().count();
    this.floats = new float[channels][256];
    this.halves = new short[channels][256];
    for (int channel = 0; isFloat && channel < channels; channel++) {
      for (int i = 0; i < 256; i++) {
        floats[channel][i] = spec.takes().values().of(i, channel);
        halves[channel][i] = Fp16Conversions.floatToFp16(floats[channel][i]);
      }
    }
  }

  @Override
  public NDArray input(NDManager manager, Batch batch) {
    if (!isFloat) {
      return DjlPredictor.pixels(manager, batch);
    }
    DataType type = isHalf ? DataType.FLOAT16 : DataType.FLOAT32;
    int size = Math.multiplyExact(batch.bytes(), type.getNumOfBytes());
    ByteBuffer to = normalised;
    if (to == null || to.capacity() != size) {
      to = ByteBuffer.allocateDirect(size).order(ByteOrder.nativeOrder());
      normalised = to;
    }
    if (isHalf) {
      normaliseToHalf(batch, to);
    } else {
      normalise(batch, to);
    }
    return manager.create(to, DjlPredictor.shape(batch), type);
  }

  /** Row by row, because copying arrays is faster than single accesses of a buffer. */
  private void normalise(Batch batch, ByteBuffer to) {
    byte[] bytes = new byte[rowBytes(batch)];
    float[] row = new float[bytes.length];
    int step = step(batch);
    for (int from = 0, r = 0; from < batch.bytes(); from += bytes.length, r++) {
      batch.pixels().get(from, bytes);
      for (int first = 0; first < step; first++) {
        lookUp(floats[channel(batch, r, first)], bytes, row, first, step);
      }
      to.asFloatBuffer().put(from, row);
    }
  }

  private void normaliseToHalf(Batch batch, ByteBuffer to) {
    byte[] bytes = new byte[rowBytes(batch)];
    short[] row = new short[bytes.length];
    int step = step(batch);
    for (int from = 0, r = 0; from < batch.bytes(); from += bytes.length, r++) {
      batch.pixels().get(from, bytes);
      for (int first = 0; first < step; first++) {
        lookUp(halves[channel(batch, r, first)], bytes, row, first, step);
      }
      to.asShortBuffer().put(from, row);
    }
  }

  /** Step 1 has a loop of its own, which the JIT makes twice as fast. */
  private static void lookUp(float[] table, byte[] bytes, float[] row, int first, int step) {
    if (step == 1) {
      for (int i = 0; i < bytes.length; i++) {
        row[i] = table[bytes[i] & 0xff];
      }
      return;
    }
    for (int i = first; i < bytes.length; i += step) {
      row[i] = table[bytes[i] & 0xff];
    }
  }

  private static void lookUp(short[] table, byte[] bytes, short[] row, int first, int step) {
    if (step == 1) {
      for (int i = 0; i < bytes.length; i++) {
        row[i] = table[bytes[i] & 0xff];
      }
      return;
    }
    for (int i = first; i < bytes.length; i += step) {
      row[i] = table[bytes[i] & 0xff];
    }
  }

  /** Returns the bytes of a row: of one plane, or of all channels between each other. */
  private static int rowBytes(Batch batch) {
    return batch.width() * step(batch);
  }

  /** Returns the distance of two values of a channel in a row. */
  private static int step(Batch batch) {
    return batch.layout() == PixelLayout.PLANES ? 1 : batch.channels();
  }

  /** Returns the channel of a row's value, which is the first one of its channel. */
  private static int channel(Batch batch, int row, int first) {
    return batch.layout() == PixelLayout.PLANES ? row / batch.height() % batch.channels() : first;
  }

  @Override
  public float[] floats(NDArray output) {
    ByteBuffer from = output.toByteBuffer();
    float[] values = new float[Math.toIntExact(output.size())];
    for (int i = 0; i < values.length; i++) {
      values[i] = value(from, i, output.getDataType());
    }
    return values;
  }

  private static float value(ByteBuffer from, int i, DataType type) {
    return switch (type) {
      case FLOAT16 -> Fp16Conversions.fp16ToFloat(from.getShort(2 * i));
      case BFLOAT16 -> Float.intBitsToFloat(from.getShort(2 * i) << 16);
      case FLOAT64 -> (float) from.getDouble(8 * i);
      case INT64 -> from.getLong(8 * i);
      case INT32 -> from.getInt(4 * i);
      case INT8, BOOLEAN -> from.get(i);
      case UINT8 -> from.get(i) & 0xff;
      default -> throw new IllegalArgumentException("an output of type " + type);
    };
  }
}
