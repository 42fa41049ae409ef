package io.tandem.engine.pytorch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.tandem.engine.Batch;
import io.tandem.engine.djl.DjlPredictor;
import io.tandem.model.InputContract;
import io.tandem.model.ModelSpec;
import java.util.List;

/** Normalises pixels and converts outputs by libtorch, on the device of the model. */
record TorchArrays(ModelSpec spec) implements DjlPredictor.Arrays {
  @Override
  public NDArray input(NDManager manager, Batch batch) {
    NDArray rgb = DjlPredictor.pixels(manager, batch);
    if (spec.input() != InputContract.FLOAT_NCHW) {
      return rgb;
    }
    NDArray floats = rgb.toType(DataType.FLOAT32, true);
    return floats
        .divi(255f)
        .subi(perChannel(manager, spec.mean()))
        .divi(perChannel(manager, spec.std()));
  }

  @Override
  public float[] floats(NDArray output) {
    return output.toType(DataType.FLOAT32, false).toFloatArray();
  }

  private static NDArray perChannel(NDManager manager, List<Float> rgb) {
    float[] values = {rgb.get(0), rgb.get(1), rgb.get(2)};
    return manager.create(values, new Shape(1, 3, 1, 1));
  }
}
