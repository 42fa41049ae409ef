package io.tandem.engine.onnxruntime;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.platform.Fp16Conversions;
import io.tandem.engine.Batch;
import io.tandem.engine.djl.DjlPredictor;
import io.tandem.model.InputContract;
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
  private final float[][] floats = new float[3][];
  private final short[][] halves = new short[3][256];
  private @Nullable ByteBuffer normalised;

  /**
   * @param type the element type of the model's input
   */
  OnnxArrays(ModelSpec spec, OnnxJavaType type) {
    this.isFloat = spec.input() == InputContract.FLOAT_NCHW;
    this.isHalf = type == OnnxJavaType.FLOAT16;
    for (int channel = 0; isFloat && channel < 3; channel++) {
      floats[channel] = table(spec.mean().get(channel), spec.std().get(channel));
      for (int i = 0; i < 256; i++) {
        halves[channel][i] = Fp16Conversions.floatToFp16(floats[channel][i]);
      }
    }
  }

  /** Returns ((value / 255) - mean) / std of each byte, in PyTorch's order of operations. */
  private static float[] table(float mean, float std) {
    float[] table = new float[256];
    for (int i = 0; i < table.length; i++) {
      table[i] = (i / 255f - mean) / std;
    }
    return table;
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
    byte[] bytes = new byte[batch.width()];
    float[] row = new float[batch.width()];
    for (int from = 0, r = 0; from < batch.bytes(); from += bytes.length, r++) {
      float[] table = floats[r / batch.height() % 3];
      batch.pixels().get(from, bytes);
      for (int i = 0; i < bytes.length; i++) {
        row[i] = table[bytes[i] & 0xff];
      }
      to.asFloatBuffer().put(from, row);
    }
  }

  private void normaliseToHalf(Batch batch, ByteBuffer to) {
    byte[] bytes = new byte[batch.width()];
    short[] row = new short[batch.width()];
    for (int from = 0, r = 0; from < batch.bytes(); from += bytes.length, r++) {
      short[] table = halves[r / batch.height() % 3];
      batch.pixels().get(from, bytes);
      for (int i = 0; i < bytes.length; i++) {
        row[i] = table[bytes[i] & 0xff];
      }
      to.asShortBuffer().put(from, row);
    }
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
