package io.tandem.engine;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.pytorch.jni.JniUtils;
import io.tandem.conf.Settings;
import io.tandem.model.PredictionException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * libtorch in this JVM: loaded once, offline, from one cache a host. Unpacking is guarded by a file
 * lock, because DJL guards it only within one JVM.
 */
public final class TorchEngine {
  private static @Nullable Engine engine;

  private TorchEngine() {}

  /** Loads libtorch where it is not loaded yet. */
  public static synchronized void start(Settings.Engine settings) {
    if (engine != null) {
      return;
    }
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("OPT_OUT_TRACKING", "true");
    if (settings.libraryPath() != null) {
      System.setProperty("PYTORCH_LIBRARY_PATH", settings.libraryPath());
    }
    if (settings.flavor() != null) {
      System.setProperty("PYTORCH_FLAVOR", settings.flavor());
    }
    System.setProperty(
        "ai.djl.pytorch.enable_cuda_stream", Boolean.toString(settings.separateStreams()));
    System.setProperty(
        "ai.djl.pytorch.cudnn_benchmark", Boolean.toString(settings.cudnnBenchmark()));
    Path cache = settings.cache();
    System.setProperty("DJL_CACHE_DIR", cache.toString());
    try {
      Files.createDirectories(cache);
      try (FileChannel channel =
              FileChannel.open(
                  cache.resolve("tandem.lock"),
                  StandardOpenOption.CREATE,
                  StandardOpenOption.WRITE);
          FileLock lock = channel.lock()) {
        engine = lock.isValid() ? Engine.getEngine("PyTorch") : null;
      }
    } catch (IOException e) {
      throw new PredictionException(
          "libtorch cannot be unpacked to %s; engine.cache-dir names another folder"
              .formatted(cache),
          e);
    }
  }

  /**
   * Sets the calling thread's number of intra-op threads. Task threads are used again and keep what
   * was set before, and a thread's first parallel operation puts the process-wide value over its
   * own: to be called at a task's start, and again after its warm-up.
   */
  public static void pinIntraOpThreads(int threads) {
    JniUtils.setNumThreads(threads);
  }

  public static int gpuCount() {
    return engine == null ? 0 : engine.getGpuCount();
  }

  public static String version() {
    return engine == null ? "not loaded" : engine.getVersion();
  }

  /** Returns the engine's own name for the device. */
  static Device device(io.tandem.conf.Device device) {
    return device.isGpu() ? Device.gpu(device.index()) : Device.cpu();
  }
}
