package io.tandem.benchmark;

import io.tandem.conf.DeviceChoice;
import io.tandem.conf.InferSettings;
import io.tandem.conf.LaneConfig;
import io.tandem.conf.Settings;
import io.tandem.lane.ExecutorDecoders;
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
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Resolves {@code auto} settings of {@code infer} with a small benchmark of several batch sizes and
 * thread counts, including the defaults, on the first frames and all cores. The search is limited
 * to a share of the estimated job time; if that allows fewer than two settings, the defaults are
 * used.
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
   * Returns the settings with {@code auto} replaced by numbers; opens its own session for the
   * search.
   */
  public static Settings resolve(Settings settings, Progress progress) {
    if (!settings.infer().isAuto()) {
      return settings;
    }
    Settings quick = ShortBenchmark.settings(settings, ROUNDS, 0.5);
    LaneConfig found;
    try (Session session =
        Session.open(
            ExecutorDecoders.addTo(
                SparkSettings.of("tandem infer: search", quick, Session.localCores(), 1)))) {
      found = new InferSearch(session, quick, progress).search();
    }
    return settings.withInfer(settings.infer().with(found.intraOpThreads(), found.batchSize()));
  }

  private LaneConfig search() {
    if (session.executorsComeAndGo()) {
      progress.say("no search for better settings: it needs fixed executors; using the defaults");
      return candidates(
              ModelFolder.open(settings.model(), session.hadoop()).spec(),
              settings.infer().device())
          .get(0);
    }
    session.awaitExecutors();
    ModelSpec model = ModelFolder.open(settings.model(), session.hadoop()).spec();
    FrameSource.Sample sample =
        FrameSource.open(settings.frames(), session.hadoop()).sample(session, FRAMES, progress);
    Preflight.Found found = Preflight.run(session, preflight(model));
    List<LaneConfig> candidates = candidates(model, DeviceChoice.of(found.kind()));
    LaneConfig first = candidates.get(0);
    double seconds = sample.of() * found.forwardSeconds() / first.batchSize() / lanes(first);
    double budget = seconds * settings.infer().searchShare();
    int most = (int) Math.floor((budget - SECONDS_AROUND) / SECONDS_A_SETTING);
    if (most < 2 || candidates.size() < 2 || sample.frames().size() == 0) {
      progress.say(
          "too little work to search for better settings: %s take about %.0f s; %s"
              .formatted(Words.count(sample.of(), "frame"), seconds, phrase(first)));
      return first;
    }
    return best(
        model, found, sample.frames(), candidates.subList(0, Math.min(most, candidates.size())));
  }

  /** Returns the settings to compare: the default first, then the most promising ones. */
  private List<LaneConfig> candidates(ModelSpec model, DeviceChoice device) {
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
        candidates.add(new LaneConfig(device, thread, batch, model.export(), infer.modelScope()));
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
      ModelSpec model, Preflight.Found found, FrameSet frames, List<LaneConfig> candidates) {
    return chosen(
        new ShortBenchmark(session, settings, jpeg, model, progress)
            .run("search", found, frames, trials(candidates)));
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
    return "batch %d, %s a lane"
        .formatted(config.batchSize(), Words.count(config.intraOpThreads(), "thread"));
  }

  /** Returns the lanes of the first candidate, on the configured device. */
  private LaneSpec preflight(ModelSpec model) {
    LaneConfig first = candidates(model, settings.infer().device()).get(0);
    return LaneSpec.of(settings, model, first, lanes(first), session.broadcastHadoop());
  }
}
