package io.tandem.conf;

import com.typesafe.config.Config;

/** Reads settings from a complete tree: a method for each section. */
final class SettingsReader {
  private final Config tree;

  /** Takes the tree below {@code tandem}. */
  SettingsReader(Config tree) {
    this.tree = tree;
  }

  Settings read() {
    return new Settings(
        frames(section("frames"), section("frames.video")),
        model(section("model")),
        engine(section("engine")),
        lane(section("lane")),
        infer(section("infer"), section("follow")),
        benchmark(section("benchmark")),
        synthetic(section("synthetic")),
        calibration(section("calibration")),
        telemetry(section("telemetry")),
        output(section("output"), section("output.video")));
  }

  private SettingsValues section(String name) {
    return new SettingsValues(tree, name);
  }

  private static Settings.Frames frames(SettingsValues frames, SettingsValues video) {
    return new Settings.Frames(
        frames.text("path"),
        frames.textOrNull("manifest"),
        frames.text("manifest-column"),
        frames.text("glob"),
        frames.flag("recursive"),
        frames.number("limit"),
        new Settings.Decoding(
            frames.oneOf(Fit.class, "fit"),
            frames.autoOrBytes("max-bytes"),
            frames.large("max-pixels"),
            frames.oneOf(JpegLibrary.class, "jpeg-library"),
            frames.autoOrOff("scaled-decoding")),
        new VideoSettings(
            video.seconds("segment"),
            video.number("every"),
            video.decimalOrNull("fps"),
            video.secondsOrNull("start"),
            video.secondsOrNull("end"),
            video.flag("keyframes-only"),
            video.number("limit")));
  }

  private static Settings.Model model(SettingsValues model) {
    return new Settings.Model(
        model.text("path"),
        model.textOrNull("export"),
        model.textOrNull("input"),
        model.numberOrNull("width"),
        model.numberOrNull("height"),
        model.decimalsOrNull("mean"),
        model.decimalsOrNull("std"),
        model.textOrNull("output"),
        model.textsByKey("properties"));
  }

  private static Settings.Engine engine(SettingsValues engine) {
    return new Settings.Engine(
        engine.textOrNull("cache-dir"),
        engine.textOrNull("library-path"),
        engine.textOrNull("flavor"),
        engine.textOrNull("onnxruntime-path"),
        engine.flag("separate-streams"),
        engine.flag("tf32"),
        engine.flag("cudnn-benchmark"));
  }

  private static Settings.Lane lane(SettingsValues lane) {
    return new Settings.Lane(
        lane.number("read-ahead"),
        lane.bytes("read-ahead-bytes"),
        lane.autoOrNumber("decode-threads"),
        lane.seconds("frame-timeout"));
  }

  private static InferSettings infer(SettingsValues infer, SettingsValues follow) {
    AutoInt framesPerTask = infer.autoOrNumber("frames-per-task");
    return new InferSettings(
        infer.oneOf(DeviceChoice.class, "device"),
        infer.autoOrNumber("lanes"),
        infer.autoOrNumber("intra-op-threads"),
        infer.autoOrNumber("batch-size"),
        infer.share("search-share"),
        infer.oneOf(ModelScope.class, "model-scope"),
        // Earlier versions wrote 0 for auto.
        framesPerTask.orElse(0) == 0 ? AutoInt.AUTO : framesPerTask,
        new FollowSettings(
            follow.flag("enabled"),
            follow.flag("once"),
            follow.seconds("settle"),
            follow.seconds("interval")));
  }

  private BenchmarkSettings benchmark(SettingsValues benchmark) {
    return new BenchmarkSettings(
        new BenchmarkSettings.Grid(
            benchmark.eachOf(DeviceChoice.class, "devices"),
            benchmark.numbers("concurrency"),
            benchmark.numbers("intra-op-threads"),
            benchmark.numbers("batch-sizes"),
            new BenchmarkSettings.Exports(benchmark.texts("exports"), benchmark.texts("engines")),
            benchmark.eachOf(ModelScope.class, "model-scopes")),
        new BenchmarkSettings.Times(
            benchmark.autoOrNumber("frames"),
            benchmark.decimal("min-seconds"),
            benchmark.decimal("warmup-seconds"),
            benchmark.number("warmup-batches"),
            benchmark.decimal("ceiling-seconds"),
            benchmark.seconds("budget")),
        benchmark.number("rounds"),
        benchmark.decimal("interval-width"),
        benchmark.flag("aa-repeat"),
        benchmark.large("seed"),
        valid(section("benchmark.valid")));
  }

  private static BenchmarkSettings.Valid valid(SettingsValues valid) {
    return new BenchmarkSettings.Valid(
        valid.number("min-batches"),
        valid.decimal("garbage-collection"),
        new BenchmarkSettings.Interference(
            valid.decimal("foreign-load"),
            valid.decimal("stolen"),
            valid.decimal("throttled"),
            valid.decimal("clock-drop"),
            valid.seconds("clock-jump")),
        valid.seconds("start-skew"),
        valid.decimal("tie"));
  }

  private static Settings.Synthetic synthetic(SettingsValues synthetic) {
    return new Settings.Synthetic(
        synthetic.seconds("sleep"),
        synthetic.decimal("locked"),
        synthetic.decimal("contention"),
        synthetic.decimal("coherency"));
  }

  private static CalibrationSettings calibration(SettingsValues calibration) {
    return new CalibrationSettings(
        calibration.flag("enabled"),
        calibration.decimals("locked"),
        calibration.lists("scalability"),
        calibration.number("aa-repeats"));
  }

  private static Settings.Telemetry telemetry(SettingsValues telemetry) {
    return new Settings.Telemetry(
        telemetry.flag("enabled"), telemetry.millis("interval"), telemetry.text("nvidia-smi"));
  }

  private static OutputSettings output(SettingsValues output, SettingsValues video) {
    return new OutputSettings(
        output.textOrNull("path"),
        output.number("top-k"),
        new ResultOutput(
            output.number("commit-frames"),
            output.oneOf(ResultFormat.class, "format"),
            output.textOrNull("save-as")),
        output.flag("trace"),
        output.oneOf(ImagePlace.class, "images"),
        output.oneOf(ImageEncoding.class, "image-format"),
        new VideoOutput(
            video.flag("write"),
            video.oneOf(VideoEncoding.class, "codec"),
            video.number("quality"),
            video.oneOf(VideoContainer.class, "container")));
  }
}
