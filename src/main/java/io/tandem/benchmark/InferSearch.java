package io.tandem.benchmark;

import io.tandem.conf.DeviceChoice;
import io.tandem.conf.Export;
import io.tandem.conf.InferSettings;
import io.tandem.conf.LaneConfig;
import io.tandem.conf.Settings;
import io.tandem.frame.VideoIndexer;
import io.tandem.lane.ExecutorHosts;
import io.tandem.lane.ExportChoice;
import io.tandem.lane.FrameSize;
import io.tandem.lane.JpegChoice;
import io.tandem.lane.LaneSpec;
import io.tandem.lane.Preflight;
import io.tandem.model.ModelFolder;
import io.tandem.model.ModelSpec;
import io.tandem.source.FrameSet;
import io.tandem.source.FrameSource;
import io.tandem.spark.Progress;
import io.tandem.spark.Session;
import io.tandem.spark.SparkSettings;
import io.tandem.summary.Summary;
import io.tandem.summary.TrialSummary;
import io.tandem.text.Words;
import io.tandem.trial.Trial;
import io.tandem.trial.Trial.Role;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.spark.SparkConf;

/**
 * Resolves {@code auto} settings of {@code infer} with small benchmarks, of the exports whose
 * results are the same, then of batch sizes and thread counts, on the first frames and all cores.
 * The search is limited to a share of the estimated job time; if that allows fewer than two
 * settings, the defaults are used.
 */
public final class InferSearch {
  private static final int DEFAULT_BATCH = 4;
  private static final int DEFAULT_THREADS = 1;
  private static final List<Integer> BATCHES = List.of(DEFAULT_BATCH, 8, 2, 16, 1, 32);

  private static final int ROUNDS = 3;
  private static final int FRAMES = 64;

  /** Observed cost of one setting, in seconds. */
  private static final double SECONDS_A_SETTING = ROUNDS * 1.2;

  /** Observed cost of starting Spark once more, in seconds. */
  private static final double SECONDS_AROUND = 5;

  /** Minimum speedup over the default; less may be noise. */
  private static final double WORTH_IT = 1.05;

  private final Session session;
  private final Settings settings;
  private final JpegChoice jpeg;
  private final Progress progress;

  private InferSearch(Session session, Settings settings, Progress progress) {
    JpegChoice jpeg = JpegChoice.of(session, settings);
    this.session = session;
    this.settings = jpeg.settings();
    this.jpeg = jpeg;
    this.progress = progress;
  }

  /**
   * Returns the settings with {@code auto} replaced by values; opens its own session for the
   * search.
   */
  public static Settings resolve(Settings settings, Progress progress) {
    if (!settings.infer().isAuto() && !settings.model().searchesExport()) {
      return settings;
    }
    Settings quick = ShortBenchmark.settings(settings, ROUNDS, 0.5);
    SparkConf conf = SparkSettings.of("tandem infer: search", quick, Session.localCores(), 1);
    SparkSettings.bounds(conf).check(settings.infer());
    LaneConfig found;
    try (Session session = Session.open(ExecutorHosts.addTo(conf))) {
      found = new InferSearch(session, quick, progress).search();
    }
    return settings
        .withModel(settings.model().withExport(found.export().name()))
        .withInfer(settings.infer().with(found.intraOpThreads(), found.batchSize()));
  }

  private LaneConfig search() {
    session.awaitExecutors();
    DeviceChoice device = DeviceChoice.of(session.kind(settings.infer().device()));
    List<ModelSpec> models = models(device);
    LaneConfig first = candidates(models.get(0).export(), device).get(0);
    if (session.executorsComeAndGo()) {
      progress.say("no search for better settings: it needs fixed executors; using the defaults");
      return first;
    }
    FrameSource.Sample sample =
        FrameSource.open(settings.frames(), session.hadoop(), VideoIndexer.of(settings))
            .sample(session, FRAMES, progress);
    List<Preflight.Found> found = models.stream().map(model -> preflight(model, device)).toList();
    double frameSeconds =
        found.get(0).forwardSeconds()
            / first.batchSize()
            * FrameSize.inTestPictures(spec(models.get(0), first), sample.frames().frames());
    double seconds = sample.of() * frameSeconds / lanes(first);
    double budget = seconds * settings.infer().searchShare();
    int most = (int) Math.floor((budget - SECONDS_AROUND) / SECONDS_A_SETTING);
    if (most < 2 || sample.frames().size() == 0) {
      progress.say(
          "too little work to search for better settings: %s take about %.0f s; %s"
              .formatted(Words.count(sample.of(), "frame"), seconds, phrase(first)));
      return first;
    }
    return search(
        new ShortBenchmark(session, settings, jpeg, models, progress), found, sample, most);
  }

  /**
   * Measures the exports at the first batch size and thread count, then those with the best export.
   *
   * @param most how many settings to measure
   */
  private LaneConfig search(
      ShortBenchmark benchmark, List<Preflight.Found> found, FrameSource.Sample sample, int most) {
    DeviceChoice device = DeviceChoice.of(found.get(0).kind());
    List<LaneConfig> exports =
        benchmark.models().stream()
            .limit(most)
            .map(model -> candidates(model.export(), device).get(0))
            .toList();
    LaneConfig best = best(benchmark, found, sample.frames(), exports);
    List<LaneConfig> settingsOfBest = candidates(best.export(), device);
    int left = exports.size() == 1 ? most : most - exports.size();
    return best(
        benchmark,
        found,
        sample.frames(),
        settingsOfBest.subList(0, Math.min(Math.max(1, left), settingsOfBest.size())));
  }

  /** Returns the exports to compare: the preferred one first. */
  private List<ModelSpec> models(DeviceChoice device) {
    ModelFolder folder = ModelFolder.open(settings.model(), session.hadoop());
    Set<String> names = new LinkedHashSet<>();
    names.add(ExportChoice.of(session, folder, List.of(device)).export());
    if (settings.model().searchesExport()) {
      ExportChoice.suitable(session, folder, List.of(device), folder.preferences(device.kind()))
          .forEach(export -> names.add(export.name()));
    }
    return names.stream().map(folder::spec).toList();
  }

  /** Returns the settings to compare: the default first, then the most promising ones. */
  private List<LaneConfig> candidates(Export export, DeviceChoice device) {
    InferSettings infer = settings.infer();
    List<Integer> batches = infer.batchSize().isAuto() ? BATCHES : List.of(infer.batchSize().get());
    List<Integer> threads =
        infer.intraOpThreads().isAuto()
            ? IntStream.of(DEFAULT_THREADS, device == DeviceChoice.CPU ? cores() : DEFAULT_THREADS)
                .distinct()
                .boxed()
                .toList()
            : List.of(infer.intraOpThreads().get());
    List<LaneConfig> candidates = new ArrayList<>();
    for (int thread : threads) {
      for (int batch : batches) {
        candidates.add(new LaneConfig(device, thread, batch, export, infer.modelScope()));
      }
    }
    return candidates;
  }

  private int cores() {
    return Math.max(1, session.cores());
  }

  /** Returns the number of lanes that use all cores. */
  private int lanes(LaneConfig config) {
    return Math.max(1, cores() / config.intraOpThreads());
  }

  /** Returns a trial for each candidate; the first is the baseline. */
  private List<Trial> trials(List<LaneConfig> candidates) {
    List<Trial> trials = new ArrayList<>();
    for (LaneConfig config : candidates) {
      Role role = trials.isEmpty() ? Role.SERIAL_BASELINE : Role.VARIANT;
      trials.add(Trial.of(config, lanes(config), role));
    }
    return trials;
  }

  private LaneConfig best(
      ShortBenchmark benchmark,
      List<Preflight.Found> found,
      FrameSet frames,
      List<LaneConfig> candidates) {
    return candidates.size() == 1
        ? candidates.get(0)
        : chosen(benchmark.run("search", found, frames, trials(candidates)));
  }

  private LaneConfig chosen(Summary summary) {
    TrialSummary fixed = summary.serial();
    TrialSummary best = summary.fastest();
    for (TrialSummary trial : summary.trials()) {
      progress.say(
          String.format(
              Locale.ROOT,
              "  %s: %.1f frames/s",
              phrase(trial.trial().lane()),
              trial.throughput().fps()));
    }
    boolean worthIt =
        best.speedup().median() >= WORTH_IT
            && best.throughput().fps() >= WORTH_IT * fixed.throughput().fps();
    TrialSummary chosen = worthIt ? best : fixed;
    progress.say("search chose " + phrase(chosen.trial().lane()));
    return chosen.trial().lane();
  }

  private static String phrase(LaneConfig config) {
    return "%s, batch %d, %s a lane"
        .formatted(
            config.export(), config.batchSize(), Words.count(config.intraOpThreads(), "thread"));
  }

  private Preflight.Found preflight(ModelSpec model, DeviceChoice device) {
    LaneConfig first = candidates(model.export(), device).get(0);
    return Preflight.run(session, spec(model, first));
  }

  private LaneSpec spec(ModelSpec model, LaneConfig config) {
    return LaneSpec.of(settings, model, config, lanes(config), session.broadcastHadoop());
  }
}
