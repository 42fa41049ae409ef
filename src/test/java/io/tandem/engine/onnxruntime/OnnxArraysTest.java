package io.tandem.engine.onnxruntime;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.onnxruntime.OnnxJavaType;
import io.tandem.Paths;
import io.tandem.Tandem;
import io.tandem.engine.Batch;
import io.tandem.engine.EngineOptions;
import io.tandem.engine.Engines;
import io.tandem.engine.djl.DjlPredictor;
import io.tandem.frame.PixelLayout;
import io.tandem.model.ModelSpec;
import java.nio.ByteBuffer;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;

/** Normalising in Java gives the floats of PyTorch, to the last bit. */
final class OnnxArraysTest {
  @Test
  void normalisedPixels_equalPyTorchs() {
    Engines engines = new Engines();
    EngineOptions options = EngineOptions.of(Tandem.settings());
    var unused = engines.start("pytorch", options);
    unused = engines.start("onnxruntime", options);
    ModelSpec spec = spec("model.mean=[0.485,0.456,0.406]", "model.std=[0.229,0.224,0.225]");
    byte[] bytes = new byte[2 * 3 * 7 * 5];
    new Random(1).nextBytes(bytes);
    ByteBuffer pixels = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    Batch batch = new Batch(pixels, 2, PixelLayout.PLANES, 7, 5);
    try (NDManager torch = NDManager.newBaseManager("PyTorch");
        NDManager onnx = NDManager.newBaseManager("OnnxRuntime")) {
      NDArray right =
          DjlPredictor.pixels(torch, batch)
              .toType(DataType.FLOAT32, true)
              .divi(255f)
              .subi(torch.create(new float[] {0.485f, 0.456f, 0.406f}, new Shape(1, 3, 1, 1)))
              .divi(torch.create(new float[] {0.229f, 0.224f, 0.225f}, new Shape(1, 3, 1, 1)));
      OnnxArrays arrays = new OnnxArrays(spec, OnnxJavaType.FLOAT);
      assertThat(arrays.input(onnx, batch).toFloatArray()).isEqualTo(right.toFloatArray());
    }
  }

  private static ModelSpec spec(String mean, String std) {
    String path = "model.path=" + Paths.ONNX_CASES.resolve("plain").toAbsolutePath();
    return Tandem.spec(Tandem.settings(path, mean, std), new Configuration());
  }
}
