package io.tandem.engine.pytorch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.tandem.engine.Batch;
import io.tandem.engine.djl.DjlPredictor;
import io.tandem.frame.PixelLayout;
import io.tandem.model.InputContract;
import io.tandem.model.ModelSpec;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Normalises pixels and converts outputs by libtorch, on the device of the model.
 *
 * @param bfloat16 null for a model that takes another type
 */
record TorchArrays(ModelSpec spec, @Nullable Bfloat16 bfloat16) implements DjlPredictor.Arrays {
  @Override
  public NDArray input(NDManager manager, Batch batch) {
    NDArray pixels = DjlPredictor.pixels(manager, batch);
    InputContract.Type type = spec.input().type();
    if (!type.isFloat()) {
      return pixels;
    }
    NDArray floats = scaled(pixels.toType(DataType.FLOAT32, true));
    ModelSpec.Values values = spec.takes().values();
    if (!values.mean().isEmpty()) {
      floats = floats.subi(perChannel(manager, values.mean()));
    }
    if (!values.std().isEmpty()) {
      floats = floats.divi(perChannel(manager, values.std()));
    }
    return switch (type) {
      case FLOAT16 -> floats.toType(DataType.FLOAT16, false);
      case BFLOAT16 -> Objects.requireNonNull(bfloat16).cast(manager, floats);
      default -> floats;
    };
  }

  private NDArray scaled(NDArray floats) {
    return switch (spec.takes().values().scale()) {
      case UNIT -> floats.divi(255f);
      case NONE -> floats;
      case SIGNED -> floats.divi(127.5f).subi(1f);
    };
  }

  @Override
  public float[] floats(NDArray output) {
    return output.toType(DataType.FLOAT32, false).toFloatArray();
  }

  private NDArray perChannel(NDManager manager, List<Float> ofChannels) {
    float[] values = new float[ofChannels.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = ofChannels.get(i);
    }
    return manager.create(
        values,
        spec.input().layout() == PixelLayout.PLANES
            ? new Shape(1, values.length, 1, 1)
            : new Shape(1, 1, 1, values.length));
  }
}
