package io.tandem.conf;

import com.typesafe.config.Config;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything that the user can set, as values; {@code reference.conf} documents each. A value that
 * cannot be is refused with a {@link SettingsException} when the record is made.
 */
public record Settings(
    Frames frames,
    Model model,
    Engine engine,
    Lane lane,
    Infer infer,
    Benchmark benchmark,
    Synthetic synthetic,
    Calibration calibration,
    Telemetry telemetry,
    Output output,
    Config tree) {

  /** With a manifest {@code path} is what its relative paths are relative to. */
  public record Frames(
      String path,
      @Nullable String manifest,
      String manifestColumn,
      String glob,
      boolean recursive,
      int limit,
      Fit fit,
      long maxPixels,
      JpegLibrary jpegLibrary,
      boolean scaledDecoding)
      implements Serializable {
    public Frames {
      requireAtLeast("frames.limit", limit, 0);
      requireAtLeast("frames.max-pixels", maxPixels, 1);
    }
  }

  /**
   * Where the model is, and what overrules its {@code serving.properties}; null overrules nothing.
   */
  public record Model(
      String path,
      @Nullable String precision,
      @Nullable String input,
      @Nullable Integer width,
      @Nullable Integer height,
      @Nullable List<Double> mean,
      @Nullable List<Double> std,
      @Nullable String output) {}

  /** The last three are GPUs' alone. */
  public record Engine(
      @Nullable String cacheDir,
      @Nullable String libraryPath,
      @Nullable String flavor,
      boolean separateStreams,
      boolean tf32,
      boolean cudnnBenchmark)
      implements Serializable {

    /** Returns the folder where engines' libraries and fetched models are kept on this host. */
    public Path cache() {
      return cacheDir != null
          ? Path.of(cacheDir).toAbsolutePath()
          : Path.of(System.getProperty("user.home"), ".djl.ai");
    }
  }

  /** The inside of a lane; {@code decodeThreads} is null where it follows the device. */
  public record Lane(
      int readAhead,
      long readAheadBytes,
      @Nullable Integer decodeThreads,
      double frameTimeoutSeconds)
      implements Serializable {
    public Lane {
      requireAtLeast("lane.read-ahead", readAhead, 0);
      requireAtLeast("lane.read-ahead-bytes", readAheadBytes, 1);
      requireAtLeast("lane.decode-threads", decodeThreads == null ? 0 : decodeThreads, 0);
      if (!(frameTimeoutSeconds > 0)) {
        throw new SettingsException("lane.frame-timeout must be positive: " + frameTimeoutSeconds);
      }
      if (readAhead == 0 && decodeThreads != null && decodeThreads > 0) {
        throw new SettingsException(
            "lane.decode-threads = %d needs lane.read-ahead of at least 1: 0"
                .formatted(decodeThreads));
      }
    }
  }

  /** Threads and batch size are 0 where they shall be found by a search. */
  public record Infer(
      DeviceChoice device,
      int intraOpThreads,
      int batchSize,
      double searchShare,
      ModelScope modelScope,
      int framesPerTask) {
    public Infer {
      requireNotNegative("infer.search-share", searchShare);
      requireAtLeast("infer.frames-per-task", framesPerTask, 0);
    }

    public boolean isAuto() {
      return intraOpThreads == 0 || batchSize == 0;
    }
  }

  public record Benchmark(
      List<DeviceChoice> devices,
      List<Integer> concurrency,
      List<Integer> intraOpThreads,
      List<Integer> batchSizes,
      List<String> precisions,
      List<ModelScope> modelScopes,
      int rounds,
      double intervalWidth,
      double minSeconds,
      double warmupSeconds,
      int warmupBatches,
      double ceilingSeconds,
      boolean again,
      long seed,
      Valid valid) {
    public Benchmark {
      devices = requireSome("benchmark.devices", devices);
      concurrency = List.copyOf(concurrency);
      intraOpThreads = requireSome("benchmark.intra-op-threads", intraOpThreads);
      batchSizes = requireSome("benchmark.batch-sizes", batchSizes);
      precisions = List.copyOf(precisions);
      modelScopes = requireSome("benchmark.model-scopes", modelScopes);
      concurrency.forEach(n -> requireAtLeast("benchmark.concurrency", n, 1));
      intraOpThreads.forEach(n -> requireAtLeast("benchmark.intra-op-threads", n, 1));
      batchSizes.forEach(n -> requireAtLeast("benchmark.batch-sizes", n, 1));
      requireAtLeast("benchmark.rounds", rounds, 1);
      requireAtLeast("benchmark.warmup-batches", warmupBatches, 1);
      requireNotNegative("benchmark.min-seconds", minSeconds);
      requireNotNegative("benchmark.warmup-seconds", warmupSeconds);
      requireNotNegative("benchmark.interval-width", intervalWidth);
      requireNotNegative("benchmark.ceiling-seconds", ceilingSeconds);
    }
  }

  /** What makes a row of a benchmark invalid; shares are of 1. */
  public record Valid(
      int minFrames,
      double variation,
      double garbageCollection,
      double foreignLoad,
      double stolen,
      double startSkewSeconds,
      double tie) {
    public Valid {
      requireAtLeast("benchmark.valid.min-frames", minFrames, 0);
      requireNotNegative("benchmark.valid.variation", variation);
      requireNotNegative("benchmark.valid.garbage-collection", garbageCollection);
      requireNotNegative("benchmark.valid.foreign-load", foreignLoad);
      requireNotNegative("benchmark.valid.stolen", stolen);
      requireNotNegative("benchmark.valid.tie", tie);
    }
  }

  /** A predictor that sleeps for so many seconds, in place of the model; 0 is none. */
  public record Synthetic(double sleepSeconds, double locked, double contention, double coherency)
      implements Serializable {
    public Synthetic {
      requireNotNegative("synthetic.locked", locked);
      requireNotNegative("synthetic.contention", contention);
      requireNotNegative("synthetic.coherency", coherency);
      if (locked > 1) {
        throw new SettingsException("synthetic.locked is a share, at most 1: " + locked);
      }
    }

    public boolean isOn() {
      return sleepSeconds > 0;
    }
  }

  /** Which known answers the benchmark is held against; each pair is sigma and kappa. */
  public record Calibration(
      boolean enabled, List<Double> locked, List<List<Double>> scalability, int sameAgain) {
    public Calibration {
      locked = List.copyOf(locked);
      scalability = List.copyOf(scalability);
      requireAtLeast("calibration.same-again", sameAgain, 0);
      for (List<Double> pair : scalability) {
        if (pair.size() != 2) {
          throw new SettingsException(
              "calibration.scalability takes pairs [sigma, kappa], not: " + pair);
        }
      }
    }
  }

  /** What is sampled on every executor while a job runs. */
  public record Telemetry(boolean enabled, long intervalMillis, String nvidiaSmi) {
    public Telemetry {
      if (intervalMillis < 10) {
        throw new SettingsException(
            "telemetry.interval must be at least 10 ms: %d ms".formatted(intervalMillis));
      }
    }
  }

  public record Output(@Nullable String path, int topK, int commitFrames, boolean trace) {
    public Output {
      requireAtLeast("output.top-k", topK, 1);
      requireAtLeast("output.commit-frames", commitFrames, 1);
    }
  }

  private static void requireAtLeast(String key, long value, long least) {
    if (value < least) {
      throw new SettingsException("%s must be at least %d: %d".formatted(key, least, value));
    }
  }

  private static void requireNotNegative(String key, double value) {
    if (!(value >= 0)) {
      throw new SettingsException("%s must not be negative: %s".formatted(key, value));
    }
  }

  private static <T> List<T> requireSome(String key, List<T> values) {
    if (values.isEmpty()) {
      throw new SettingsException(key + " must name at least one value: []");
    }
    return List.copyOf(values);
  }
}
