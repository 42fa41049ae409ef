package io.tandem.conf;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import java.util.Collection;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Writes settings as a tree that {@link SettingsReader} reads: a method for each section. */
final class SettingsWriter {
  private static final long MEGA = 1 << 20;

  private Config tree = ConfigFactory.empty();
  private String section = "";

  /** Returns the tree, with every key, below {@code tandem}. */
  static Config tree(Settings settings) {
    SettingsWriter writer = new SettingsWriter();
    writer.frames(settings.frames());
    writer.model(settings.model());
    writer.engine(settings.engine());
    writer.lane(settings.lane());
    writer.infer(settings.infer());
    writer.benchmark(settings.benchmark());
    writer.synthetic(settings.synthetic());
    writer.calibration(settings.calibration());
    writer.telemetry(settings.telemetry());
    writer.output(settings.output());
    writer.follow(settings.infer().follow());
    return writer.tree.atKey(SettingsPlace.ROOT);
  }

  private void frames(Settings.Frames frames) {
    section = "frames";
    put("path", frames.path());
    put("manifest", frames.manifest());
    put("manifest-column", frames.manifestColumn());
    put("glob", frames.glob());
    put("recursive", frames.recursive());
    put("limit", frames.limit());
    put("fit", frames.decoding().fit());
    put("max-bytes", frames.decoding().maxBytes());
    put("max-pixels", frames.decoding().maxPixels());
    put("jpeg-library", frames.decoding().jpegLibrary());
    put("scaled-decoding", frames.decoding().scaledDecoding() ? "auto" : "off");
    video(frames.video());
  }

  private void model(Settings.Model model) {
    section = "model";
    put("path", model.path());
    put("export", model.export());
    put("input", model.input());
    put("width", model.width());
    put("height", model.height());
    put("mean", model.mean());
    put("std", model.std());
    put("output", model.output());
    put("properties", model.properties());
  }

  private void video(VideoSettings video) {
    section = "frames.video";
    Double start = video.startSeconds();
    Double end = video.endSeconds();
    put("segment", time(video.segmentSeconds()));
    put("every", video.every());
    put("fps", video.fps());
    put("start", start == null ? null : time(start));
    put("end", end == null ? null : time(end));
    put("keyframes-only", video.keyframesOnly());
    put("limit", video.limit());
  }

  private void engine(Settings.Engine engine) {
    section = "engine";
    put("cache-dir", engine.cacheDir());
    put("library-path", engine.libraryPath());
    put("flavor", engine.flavor());
    put("onnxruntime-path", engine.onnxRuntimePath());
    put("separate-streams", engine.separateStreams());
    put("tf32", engine.tf32());
    put("cudnn-benchmark", engine.cudnnBenchmark());
  }

  private void lane(Settings.Lane lane) {
    section = "lane";
    put("read-ahead", lane.readAhead());
    long bytes = lane.readAheadBytes();
    put("read-ahead-bytes", bytes % MEGA == 0 ? bytes / MEGA + "M" : bytes);
    put("decode-threads", lane.decodeThreads());
    put("frame-timeout", time(lane.frameTimeoutSeconds()));
  }

  private void infer(InferSettings infer) {
    section = "infer";
    put("device", infer.device());
    put("lanes", infer.lanes());
    put("intra-op-threads", infer.intraOpThreads());
    put("batch-size", infer.batchSize());
    put("search-share", infer.searchShare());
    put("model-scope", infer.modelScope());
    put("frames-per-task", infer.framesPerTask());
  }

  private void benchmark(BenchmarkSettings benchmark) {
    section = "benchmark";
    put("devices", benchmark.grid().devices());
    put("concurrency", benchmark.grid().concurrency());
    put("intra-op-threads", benchmark.grid().intraOpThreads());
    put("batch-sizes", benchmark.grid().batchSizes());
    put("exports", benchmark.grid().exports().names());
    put("engines", benchmark.grid().exports().engines());
    put("model-scopes", benchmark.grid().modelScopes());
    put("frames", benchmark.times().frames());
    put("rounds", benchmark.rounds());
    put("interval-width", benchmark.intervalWidth());
    put("budget", time(benchmark.times().budgetSeconds()));
    put("min-seconds", benchmark.times().minSeconds());
    put("warmup-seconds", benchmark.times().warmupSeconds());
    put("warmup-batches", benchmark.times().warmupBatches());
    put("ceiling-seconds", benchmark.times().ceilingSeconds());
    put("aa-repeat", benchmark.aaRepeat());
    put("seed", benchmark.seed());
    BenchmarkSettings.Valid valid = benchmark.valid();
    section = "benchmark.valid";
    put("min-batches", valid.minBatches());
    put("garbage-collection", valid.garbageCollection());
    put("foreign-load", valid.interference().foreignLoad());
    put("stolen", valid.interference().stolen());
    put("throttled", valid.interference().throttled());
    put("clock-drop", valid.interference().clockDrop());
    put("clock-jump", time(valid.interference().clockJumpSeconds()));
    put("start-skew", time(valid.startSkewSeconds()));
    put("tie", valid.tie());
  }

  private void synthetic(Settings.Synthetic synthetic) {
    section = "synthetic";
    put("sleep", time(synthetic.sleepSeconds()));
    put("locked", synthetic.locked());
    put("contention", synthetic.contention());
    put("coherency", synthetic.coherency());
  }

  private void calibration(CalibrationSettings calibration) {
    section = "calibration";
    put("enabled", calibration.enabled());
    put("locked", calibration.locked());
    put("scalability", calibration.scalability());
    put("aa-repeats", calibration.aaRepeats());
  }

  private void telemetry(Settings.Telemetry telemetry) {
    section = "telemetry";
    put("enabled", telemetry.enabled());
    put("interval", telemetry.intervalMillis() + " ms");
    put("nvidia-smi", telemetry.nvidiaSmi());
  }

  private void output(OutputSettings output) {
    section = "output";
    put("path", output.path());
    put("top-k", output.topK());
    put("commit-frames", output.commitFrames());
    put("format", output.results().format());
    put("save-as", output.results().saveAs());
    put("trace", output.trace());
    put("images", output.images());
    put("image-format", output.imageEncoding());
    section = "output.video";
    put("write", output.video().write());
    put("codec", output.video().codec());
    put("quality", output.video().quality());
    put("container", output.video().container());
  }

  private void follow(FollowSettings follow) {
    section = "follow";
    put("enabled", follow.enabled());
    put("once", follow.once());
    put("settle", time(follow.settleSeconds()));
    put("interval", time(follow.intervalSeconds()));
  }

  private void put(String key, @Nullable Object value) {
    tree = tree.withValue(section + "." + key, ConfigValueFactory.fromAnyRef(plain(value)));
  }

  /** Returns a value as the library takes it. */
  private static @Nullable Object plain(@Nullable Object value) {
    if (value instanceof Enum<?> constant) {
      return constant.name().toLowerCase(Locale.ROOT);
    }
    if (value instanceof AutoInt number) {
      return number.isAuto() ? "auto" : number.get();
    }
    if (value instanceof Collection<?> values) {
      return values.stream().map(SettingsWriter::plain).toList();
    }
    if (value instanceof Double number && number == Math.rint(number)) {
      return number.longValue(); // As a person writes it: 2, not 2.0.
    }
    return value;
  }

  /** Returns a duration in the largest unit that it is a whole number of. */
  private static String time(double seconds) {
    long nanos = Math.round(seconds * 1e9);
    if (nanos != 0 && nanos % 1_000_000_000 == 0) {
      return nanos / 1_000_000_000 + " s";
    }
    return nanos % 1_000_000 == 0 ? nanos / 1_000_000 + " ms" : nanos + " ns";
  }
}
