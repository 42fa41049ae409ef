package io.tandem.inference;

import io.tandem.conf.Device;
import io.tandem.conf.Export;
import io.tandem.conf.InferSettings;
import io.tandem.conf.Settings;
import io.tandem.engine.Outputs;
import io.tandem.frame.PixelLayout;
import io.tandem.lane.ExportChoice;
import io.tandem.lane.LaneSpec;
import io.tandem.lane.Preflight;
import io.tandem.model.ModelFolder;
import io.tandem.model.ModelSpec;
import io.tandem.model.Preference;
import io.tandem.model.Readings;
import io.tandem.postprocess.TaskTypes;
import io.tandem.spark.HadoopConf;
import io.tandem.spark.Session;
import io.tandem.text.Words;
import io.tandem.text.Wrap;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;

/** Says what goes into a model and what comes out, and what is done with both. */
public final class ModelCheck {
  private static final int DEFAULT_THREADS = 1;
  private static final int DEFAULT_BATCH = 4;

  private static final int WIDTH = 118;
  private static final String INDENT = " ".repeat(11);
  private static final int LABELS = 3;

  private final StringBuilder text = new StringBuilder();
  private final Settings settings;
  private final ModelFolder folder;
  private final Preference choice;
  private final Readings readings = new Readings();
  private final ModelSpec model;
  private final LaneSpec lanes;

  private ModelCheck(Settings settings, Configuration hadoop) {
    this.settings = settings;
    this.folder = ModelFolder.open(settings.model(), hadoop).forThisJvm();
    this.choice = ExportChoice.here(folder);
    this.model = folder.spec(choice.export()).with(readings);
    this.lanes =
        InferJob.lanes(
            settings, model, settings.infer().slots(Session.localCores()), HadoopConf.here(hadoop));
  }

  /**
   * Loads a model in this JVM, predicts test pictures, and returns the description, some lines.
   *
   * @param settings those of a run; {@code auto} stands for the defaults, nothing is searched
   * @throws io.tandem.conf.InputException if the model cannot be used, in one sentence
   */
  public static String of(Settings settings) {
    InferSettings infer = settings.infer();
    Settings fixed =
        settings.withInfer(
            infer.with(
                infer.intraOpThreads().orElse(DEFAULT_THREADS),
                infer.batchSize().orElse(DEFAULT_BATCH)));
    return new ModelCheck(fixed, Session.hadoop(InferJob.conf(fixed))).text();
  }

  private String text() {
    Preflight.Tested tested = Preflight.test(lanes);
    Preflight.Found found = tested.found();
    line("model", model.folder());
    line("exports", exports());
    line("file", model.file() + ", " + model.export().precision());
    lanes.signature(found.device()).forEach(part -> line("", part));
    line(
        "engine",
        String.format(
            Locale.ROOT,
            "%s on %s; a batch of %d takes %.1f ms",
            found.engine(),
            found.kind() == Device.Kind.CPU ? found.cpu() : found.device().name(),
            lanes.batchSize(),
            found.forwardSeconds() * 1e3));
    line("input", input());
    line("frames", frames());
    outputs(tested.outputs());
    line("task", task());
    if (TaskTypes.of(model).hasLabels()) {
      line("labels", labels());
    }
    line("result", Words.oneLine("of a test picture: " + tested.sample().describe()));
    found.warnings().forEach(warning -> line("warning", warning));
    folder
        .unused(readings)
        .forEach(
            (key, similar) ->
                line(
                    "not used",
                    similar.isEmpty() ? key : "%s; did you mean %s?".formatted(key, similar)));
    return text.toString();
  }

  private void line(String name, String value) {
    String[] wrapped = Wrap.at(WIDTH - INDENT.length(), Words.printable(value)).split("\n", -1);
    String lines = String.join("\n" + INDENT, wrapped);
    text.append(String.format(Locale.ROOT, "%-11s%s%n", name, lines.strip()));
  }

  private String exports() {
    List<String> others =
        folder.exports().stream()
            .map(Export::name)
            .filter(name -> !name.equals(choice.export()))
            .toList();
    String why = choice.reason() == null ? "" : " (%s)".formatted(choice.reason());
    return "%s is used%s%s"
        .formatted(
            choice.export(),
            why,
            others.isEmpty() ? "" : "; there are also " + String.join(", ", others));
  }

  private String input() {
    ModelSpec.ModelInput takes = model.takes();
    String height = model.keepsSizes() ? "height" : String.valueOf(model.height());
    String width = model.keepsSizes() ? "width" : String.valueOf(model.width());
    int channels = takes.channels().count();
    return "%s [%s, %s], %s%s"
        .formatted(
            model.input().key(),
            takes.batch() == 0 ? "N" : String.valueOf(takes.batch()),
            model.input().layout() == PixelLayout.PLANES
                ? "%d, %s, %s".formatted(channels, height, width)
                : "%s, %s, %d".formatted(height, width, channels),
            takes.channels().name().toLowerCase(Locale.ROOT),
            takes.batch() == 0 ? "" : "; a batch is predicted in a loop");
  }

  private String frames() {
    return "%s; %s".formatted(fitted(), values());
  }

  private String fitted() {
    ModelSpec.ModelInput takes = model.takes();
    String size = "%d x %d".formatted(model.width(), model.height());
    String by =
        switch (takes.framing().filter()) {
          case BILINEAR -> "";
          case BICUBIC -> ", bicubic";
          case BILINEAR_ALIASED -> ", without antialiasing";
        };
    int resize = takes.framing().resize();
    return switch (takes.fit(settings.frames().decoding().fit())) {
      case CROP, MODEL ->
          resize == 0
              ? "the middle of each frame, scaled to %s%s".formatted(size, by)
              : "the shorter side of each frame scaled to %d%s, then the middle %s"
                  .formatted(resize, by, size);
      case STRETCH -> "each frame, stretched to %s%s".formatted(size, by);
      case LETTERBOX ->
          "each frame in its proportions, with bars of %d, as %s%s"
              .formatted(takes.framing().bars(), size, by);
      case NONE ->
          "each frame in its own size"
              + (model.takes().tile() == 0
                  ? ""
                  : ", larger ones in tiles of %d pixels".formatted(model.takes().tile()));
    };
  }

  private String values() {
    if (!model.input().type().isFloat()) {
      return "bytes, which the model normalises";
    }
    ModelSpec.Values values = model.takes().values();
    String range =
        switch (values.scale()) {
          case UNIT -> "0 to 1";
          case NONE -> "0 to 255";
          case SIGNED -> "-1 to 1";
        };
    return range
        + (values.mean().isEmpty() ? "" : ", less the mean " + numbers(values.mean()))
        + (values.std().isEmpty() ? "" : ", divided by the deviation " + numbers(values.std()));
  }

  private static String numbers(List<Float> values) {
    return values.stream().map(ModelCheck::number).collect(Collectors.joining(", "));
  }

  private static String number(float value) {
    return value == Math.rint(value) && Math.abs(value) < 1e6
        ? String.valueOf((int) value)
        : String.format(Locale.ROOT, "%.4g", value);
  }

  private void outputs(Outputs outputs) {
    for (String name : outputs.names()) {
      Outputs.Tensor tensor = Objects.requireNonNull(outputs.get(name));
      float least = Float.POSITIVE_INFINITY;
      float most = Float.NEGATIVE_INFINITY;
      int invalid = 0;
      for (float value : tensor.values()) {
        if (Float.isFinite(value)) {
          least = Math.min(least, value);
          most = Math.max(most, value);
        } else {
          invalid++;
        }
      }
      line(
          "output",
          String.format(
              Locale.ROOT,
              "%s %s%s%s",
              name,
              Arrays.toString(tensor.shape()),
              least > most ? "" : ", %s to %s".formatted(number(least), number(most)),
              invalid == 0 ? "" : ", and " + Words.count(invalid, "value") + " not finite"));
    }
  }

  private String task() {
    String values =
        readings.inEffect().stream()
            .map(reading -> reading.key() + "=" + reading.value() + mark(reading))
            .collect(Collectors.joining(", "));
    return model.taskType() + (values.isEmpty() ? "" : ": " + values);
  }

  private static String mark(Readings.Reading reading) {
    return reading.isWritten() ? "" : " (default)";
  }

  private String labels() {
    List<String> labels = model.labels();
    return labels.isEmpty()
        ? "none, for there is no synset.txt: class numbers are used"
        : "%,d: %s%s"
            .formatted(
                labels.size(),
                labels.stream().limit(LABELS).map(Words::oneLine).collect(Collectors.joining(", ")),
                labels.size() > LABELS ? ", ..." : "");
  }
}
