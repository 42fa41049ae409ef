package io.tandem.benchmark.external;

import io.tandem.conf.BenchmarkSettings;
import io.tandem.conf.DeviceChoice;
import io.tandem.conf.LaneConfig;
import io.tandem.conf.ModelScope;
import io.tandem.conf.Settings;
import io.tandem.lane.LaneSpec;
import io.tandem.lane.Preflight;
import io.tandem.model.ModelSpec;
import io.tandem.source.Frame;
import io.tandem.source.FrameSplits;
import io.tandem.spark.Progress;
import io.tandem.spark.Session;
import io.tandem.trial.Trial;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/** Finds the external implementations in this build that can do a benchmark's work. */
public final class ExternalRuns {
  private final Session session;
  private final Settings settings;
  private final Progress progress;

  /** Creates a finder for a benchmark of these settings. */
  public ExternalRuns(Session session, Settings settings, Progress progress) {
    this.session = session;
    this.settings = settings;
    this.progress = progress;
  }

  /**
   * Returns the implementations in this build; prints those that cannot be loaded, for example
   * remnants of an earlier build.
   */
  public static List<ExternalImplementation> offered(Progress progress) {
    List<ExternalImplementation> offered = new ArrayList<>();
    Iterator<ExternalImplementation> services =
        ServiceLoader.load(ExternalImplementation.class).iterator();
    while (true) {
      try {
        if (!services.hasNext()) {
          return offered;
        }
        offered.add(services.next());
      } catch (ServiceConfigurationError e) {
        progress.say("left out an external implementation: " + e.getMessage());
      }
    }
  }

  /**
   * Returns the implementations that can do the work, on all cores; prints why the others cannot.
   */
  public List<ExternalRun> able(
      List<ExternalImplementation> offered,
      ModelSpec model,
      Preflight.Found found,
      List<Frame> frames) {
    List<ExternalRun> able = new ArrayList<>();
    if (settings.synthetic().isOn()) {
      return able;
    }
    if (!offered.isEmpty() && frames.stream().anyMatch(frame -> frame.run() != null)) {
      progress.say(
          "left out external implementations: they read image files, and there are videos");
      return able;
    }
    for (ExternalImplementation implementation : offered) {
      ExternalRun run = run(implementation, model, found, frames);
      String refusal = run.refusal();
      if (refusal == null) {
        able.add(run);
      } else {
        progress.say("left out %s: %s".formatted(implementation.id(), refusal));
      }
    }
    return able;
  }

  private ExternalRun run(
      ExternalImplementation implementation,
      ModelSpec model,
      Preflight.Found found,
      List<Frame> frames) {
    BenchmarkSettings benchmark = settings.benchmark();
    int slots = Math.min(session.cores(), session.slots());
    int lanes = Math.min(slots, frames.size());
    LaneConfig config =
        new LaneConfig(
            DeviceChoice.of(found.kind()),
            1,
            benchmark.grid().batchSizes().get(0),
            model.export(),
            ModelScope.TASK);
    return new ExternalRun(
        session,
        implementation,
        new ExternalImplementation.Work(
            model,
            found.kind(),
            found.gpus(),
            model.takes().fit(settings.frames().decoding().fit()),
            config.batchSize(),
            settings.output().topK(),
            FrameSplits.balanced(frames, lanes)),
        Trial.of(config, lanes, Trial.Role.VARIANT),
        LaneSpec.of(settings, model, config, lanes, session.broadcastHadoop()),
        benchmark.times().minSeconds());
  }
}
