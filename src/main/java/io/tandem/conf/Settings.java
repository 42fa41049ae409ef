package io.tandem.conf;

import java.io.Serializable;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything that the user can set, as values; {@code reference.conf} documents each key. A record
 * refuses an invalid value with a {@link SettingsException}. "auto" is an {@link AutoInt} or a
 * constant AUTO, "off" is 0 or false, and what is not set or not known is null.
 */
public record Settings(
    Frames frames,
    Model model,
    Engine engine,
    Lane lane,
    InferSettings infer,
    BenchmarkSettings benchmark,
    Synthetic synthetic,
    CalibrationSettings calibration,
    Telemetry telemetry,
    OutputSettings output) {

  /**
   * The frames to read, and how to decode them.
   *
   * @param path a folder, file or glob; with a manifest, what its relative paths are relative to
   * @param manifest a file that lists the frames; null: the folder's own list
   * @param limit how many frames to take, from the first one on; 0: all
   * @param video which frames of videos
   */
  public record Frames(
      String path,
      @Nullable String manifest,
      String manifestColumn,
      String glob,
      boolean recursive,
      int limit,
      Decoding decoding,
      VideoSettings video)
      implements Serializable {
    public Frames {
      Require.notBlank("frames.path", path);
      Require.notBlank("frames.manifest", manifest);
      Require.notBlank("frames.manifest-column", manifestColumn);
      Require.notBlank("frames.glob", glob);
      Require.atLeast("frames.limit", limit, 0);
    }

    /** Returns the same of another folder, file or glob. */
    public Frames withPath(String other) {
      return new Frames(other, manifest, manifestColumn, glob, recursive, limit, decoding, video);
    }

    /** Returns the same, decoded in another way. */
    public Frames withDecoding(Decoding other) {
      return new Frames(path, manifest, manifestColumn, glob, recursive, limit, other, video);
    }
  }

  /**
   * How frames become pixels.
   *
   * @param maxBytes a frame whose file is larger becomes an error; auto: by the heap of its
   *     executor
   * @param maxPixels a frame whose header claims more becomes an error
   * @param scaledDecoding whether libjpeg-turbo may shrink a JPEG while it decodes it
   */
  public record Decoding(
      Fit fit, AutoInt maxBytes, long maxPixels, JpegLibrary jpegLibrary, boolean scaledDecoding)
      implements Serializable {
    public Decoding {
      Require.atLeast("frames.max-bytes", maxBytes, 1);
      Require.atLeast("frames.max-pixels", maxPixels, 1);
    }

    /** Returns the same with this way to meet a model's size. */
    public Decoding withFit(Fit other) {
      return new Decoding(other, maxBytes, maxPixels, jpegLibrary, scaledDecoding);
    }

    /** Returns the same with this library. */
    public Decoding withJpegLibrary(JpegLibrary library) {
      return new Decoding(fit, maxBytes, maxPixels, library, scaledDecoding);
    }
  }

  /**
   * Where the model is, and what overrules its {@code serving.properties}; null overrules nothing.
   *
   * @param export the name of an export, or {@link #AUTO_EXPORT}
   * @param properties lines that are put in the place of those of {@code serving.properties}
   */
  public record Model(
      String path,
      @Nullable String export,
      @Nullable String input,
      @Nullable Integer width,
      @Nullable Integer height,
      @Nullable List<Double> mean,
      @Nullable List<Double> std,
      @Nullable String output,
      Map<String, String> properties) {
    public Model {
      Require.notBlank("model.path", path);
      Require.notBlank("model.export", export);
      properties = Map.copyOf(properties);
    }

    /** The value of {@code export} that makes {@code infer} search for the fastest. */
    public static final String AUTO_EXPORT = "auto";

    /** Returns whether the user named an export. */
    public boolean namesExport() {
      return export != null && !searchesExport();
    }

    /** Returns whether the export has to be searched. */
    public boolean searchesExport() {
      return AUTO_EXPORT.equals(export);
    }

    /** Returns the same with this export. */
    public Model withExport(String name) {
      return new Model(path, name, input, width, height, mean, std, output, properties);
    }
  }

  /**
   * How engines run; the last three settings apply to GPUs only, and to PyTorch.
   *
   * @param libraryPath a folder with libtorch; null: the one on the class path
   * @param flavor DJL's binding for libtorch; null: by the GPUs of the host
   * @param onnxRuntimePath a folder with ONNX Runtime's libraries; null: those on the class path
   */
  public record Engine(
      @Nullable String cacheDir,
      @Nullable String libraryPath,
      @Nullable String flavor,
      @Nullable String onnxRuntimePath,
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

  /**
   * How a lane reads and decodes.
   *
   * @param readAhead frames to read ahead; 0: off
   * @param decodeThreads helper threads that decode, 0: off; auto follows the device
   */
  public record Lane(
      int readAhead, long readAheadBytes, AutoInt decodeThreads, double frameTimeoutSeconds)
      implements Serializable {
    public Lane {
      Require.between("lane.read-ahead", readAhead, 0, 10_000);
      Require.atLeast("lane.read-ahead-bytes", readAheadBytes, 1);
      Require.atLeast("lane.decode-threads", decodeThreads, 0);
      if (!(frameTimeoutSeconds > 0)) {
        throw new SettingsException("lane.frame-timeout must be positive: " + frameTimeoutSeconds);
      }
      if (readAhead == 0 && decodeThreads.orElse(0) > 0) {
        throw new SettingsException(
            "lane.decode-threads = %s needs lane.read-ahead of at least 1: 0"
                .formatted(decodeThreads));
      }
    }

    /** Returns the same with this number of helper threads that decode. */
    public Lane withDecodeThreads(int threads) {
      return new Lane(readAhead, readAheadBytes, AutoInt.of(threads), frameTimeoutSeconds);
    }
  }

  /**
   * A predictor that sleeps, in place of the model.
   *
   * @param sleepSeconds the time of one prediction; 0: off
   */
  public record Synthetic(double sleepSeconds, double locked, double contention, double coherency)
      implements Serializable {
    public Synthetic {
      Require.notNegative("synthetic.sleep", sleepSeconds);
      Require.share("synthetic.locked", locked);
      Require.notNegative("synthetic.contention", contention);
      Require.notNegative("synthetic.coherency", coherency);
    }

    /** Returns whether it is used in place of the model. */
    public boolean isOn() {
      return sleepSeconds > 0;
    }

    /** Returns the same with predictions of this time, 0: off. */
    public Synthetic withSleepSeconds(double seconds) {
      return new Synthetic(seconds, locked, contention, coherency);
    }

    /** Returns the same with this share of each prediction that lanes take in turns. */
    public Synthetic withLocked(double share) {
      return new Synthetic(sleepSeconds, share, contention, coherency);
    }

    /** Returns the same with these parameters of the Universal Scalability Law. */
    public Synthetic withScalability(double sigma, double kappa) {
      return new Synthetic(sleepSeconds, locked, sigma, kappa);
    }
  }

  /** The sampling on every executor while a job runs. */
  public record Telemetry(boolean enabled, long intervalMillis, String nvidiaSmi) {
    public Telemetry {
      if (intervalMillis < 10) {
        throw new SettingsException(
            "telemetry.interval must be at least 10 ms: %d ms".formatted(intervalMillis));
      }
    }

    /** Returns the same, switched off. */
    public Telemetry off() {
      return new Telemetry(false, intervalMillis, nvidiaSmi);
    }
  }

  /** Returns the same with other settings of this section. */
  public Settings withFrames(Frames other) {
    return new Settings(
        other, model, engine, lane, infer, benchmark, synthetic, calibration, telemetry, output);
  }

  /** Returns the same with other settings of this section. */
  public Settings withModel(Model other) {
    return new Settings(
        frames, other, engine, lane, infer, benchmark, synthetic, calibration, telemetry, output);
  }

  /** Returns the same with other settings of this section. */
  public Settings withLane(Lane other) {
    return new Settings(
        frames, model, engine, other, infer, benchmark, synthetic, calibration, telemetry, output);
  }

  /** Returns the same with other settings of this section. */
  public Settings withInfer(InferSettings other) {
    return new Settings(
        frames, model, engine, lane, other, benchmark, synthetic, calibration, telemetry, output);
  }

  /** Returns the same with other settings of this section. */
  public Settings withBenchmark(BenchmarkSettings other) {
    return new Settings(
        frames, model, engine, lane, infer, other, synthetic, calibration, telemetry, output);
  }

  /** Returns the same with other settings of this section. */
  public Settings withSynthetic(Synthetic other) {
    return new Settings(
        frames, model, engine, lane, infer, benchmark, other, calibration, telemetry, output);
  }

  /** Returns the same with other settings of this section. */
  public Settings withCalibration(CalibrationSettings other) {
    return new Settings(
        frames, model, engine, lane, infer, benchmark, synthetic, other, telemetry, output);
  }

  /** Returns the same with other settings of this section. */
  public Settings withTelemetry(Telemetry other) {
    return new Settings(
        frames, model, engine, lane, infer, benchmark, synthetic, calibration, other, output);
  }

  /** Returns the same with other settings of this section. */
  public Settings withOutput(OutputSettings other) {
    return new Settings(
        frames, model, engine, lane, infer, benchmark, synthetic, calibration, telemetry, other);
  }
}
