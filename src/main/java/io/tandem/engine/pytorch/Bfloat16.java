package io.tandem.engine.pytorch;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.ParameterStore;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Objects;

/**
 * Casts arrays to bfloat16 by a module of TorchScript: DJL 0.36.0 cannot name that type to libtorch
 * (its native code ends the process), but passes such arrays on.
 */
final class Bfloat16 implements AutoCloseable {
  private final Model module;

  private Bfloat16(Model module) {
    this.module = module;
  }

  /** Loads the module for arrays on a device. */
  static Bfloat16 on(Device device) {
    Model module = Model.newInstance("bfloat16", device, "PyTorch");
    try (InputStream file =
        Objects.requireNonNull(Bfloat16.class.getResourceAsStream("bfloat16.pt"))) {
      module.load(file, Map.of("mapLocation", "true"));
      return new Bfloat16(module);
    } catch (IOException e) {
      module.close();
      throw new UncheckedIOException(e);
    } catch (MalformedModelException e) {
      module.close();
      throw new IllegalStateException(e);
    }
  }

  /** Returns an array of bfloat16 that {@code manager} frees. */
  NDArray cast(NDManager manager, NDArray floats) {
    NDArray cast =
        module
            .getBlock()
            .forward(new ParameterStore(manager, false), new NDList(floats), false)
            .singletonOrThrow();
    cast.attach(manager);
    return cast;
  }

  @Override
  public void close() {
    module.close();
  }
}
