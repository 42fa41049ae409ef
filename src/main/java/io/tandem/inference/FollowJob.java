package io.tandem.inference;

import io.tandem.conf.Settings;
import io.tandem.conf.SettingsException;
import io.tandem.follow.ArrivalLists;
import io.tandem.follow.FollowedFolder;
import io.tandem.follow.Follower;
import io.tandem.inference.InferPreparation.Prepared;
import io.tandem.quarantine.LostFrames;
import io.tandem.run.RunFolder;
import io.tandem.run.RunFolderException;
import io.tandem.run.RunRecord;
import io.tandem.sink.ChunkResults;
import io.tandem.spark.Progress;
import io.tandem.summary.InferSummary;
import io.tandem.telemetry.Recording;
import io.tandem.text.Words;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.jspecify.annotations.Nullable;

/**
 * Predicts the files that arrive in a folder, batch by batch, and writes predictions with timings:
 * until it is cancelled, or those that are there.
 */
public final class FollowJob extends InferenceJob {
  private volatile @Nullable FollowedFrames frames;

  FollowJob(Settings settings, Progress progress) {
    super(settings, progress);
  }

  @Override
  public RunFolder run(Consumer<InferSummary> whenDone) {
    SparkConf conf = InferJob.conf(settings);
    Configuration hadoop = hadoop(conf);
    FollowedFolder folder = folder(hadoop);
    RunFolder planned = RunFolder.planned("infer", settings.output(), hadoop);
    requireOutside(folder, planned);
    Prepared prepared = prepare(conf, hadoop, folder);
    prepareResults(prepared);
    announce(prepared, folder);
    prepared.start().into(planned);
    writes(planned);
    follow(prepared, planned, folder, false, whenDone);
    return planned;
  }

  @Override
  public RunFolder resume(String path, boolean takeOver, Consumer<InferSummary> whenDone) {
    SparkConf conf = InferJob.conf(settings);
    Configuration hadoop = hadoop(conf);
    FollowedFolder folder = folder(hadoop);
    RunFolder resumed = RunFolder.resumed(path, takeOver, hadoop);
    writes(resumed);
    RunRecord record = RunRecord.read(resumed);
    Prepared prepared = prepare(conf, hadoop, folder);
    requireSameResults(resumed, record, prepared.start().record());
    prepareResults(prepared);
    resumed.reopen();
    announce(prepared, folder);
    follow(prepared, resumed, folder, true, whenDone);
    return resumed;
  }

  private FollowedFolder folder(Configuration hadoop) {
    if (settings.infer().isAuto() || settings.model().searchesExport()) {
      throw new SettingsException(
          "auto settings are found on the first frames, and a followed folder may have none yet; give numbers for infer.batch-size and infer.intra-op-threads, and a name for model.export");
    }
    return FollowedFolder.open(settings, hadoop, progress);
  }

  private static void requireOutside(FollowedFolder folder, RunFolder run) {
    if (folder.contains(run.path("predictions"))) {
      throw new RunFolderException(
          "output.path",
          "the output folder %s is inside the followed folder %s; choose another"
              .formatted(run.path(), folder.path()));
    }
  }

  private Prepared prepare(SparkConf conf, Configuration hadoop, FollowedFolder folder) {
    return new InferPreparation(settings, progress, unused -> new NoFramesYet(folder))
        .run(conf, hadoop, this::opened);
  }

  private void announce(Prepared prepared, FollowedFolder folder) {
    new InferPreparation(settings, progress).announce(prepared, "files of " + folder.path());
    if (!settings.infer().follow().once()) {
      progress.say(
          "following %s: a look every %s, and a file is taken when it has not changed for %s; Ctrl-C ends it"
              .formatted(
                  folder.path(),
                  Words.shortTime(settings.infer().follow().intervalSeconds()),
                  Words.shortTime(settings.infer().follow().settleSeconds())));
    }
  }

  private void follow(
      Prepared prepared,
      RunFolder run,
      FollowedFolder folder,
      boolean resumed,
      Consumer<InferSummary> whenDone) {
    LostFrames lost = LostFrames.of(run, progress);
    ChunkResults results = results(prepared, run, resumed);
    if (resumed) {
      lost.addThoseLeft(prepared.session());
      folder.remember(new ArrivalLists(run), prepared.session());
    }
    FollowedFrames taken =
        new FollowedFrames(
            settings,
            new InferChunks(settings, progress, prepared, run, lost, results, this::isCancelled),
            prepared.session(),
            run,
            lost,
            progress,
            resumed);
    frames = taken;
    try (Recording recording =
        Recording.start(run.path("telemetry"), prepared.session().hadoop())) {
      new Follower(prepared.session(), run, folder, settings.infer().follow())
          .follow(settings.output().commitFrames(), taken, this::isCancelled);
      recording.awaitLastWord();
    }
    run.end();
    if (taken.summary().frames() == 0) {
      progress.say("no new files in %s: %s".formatted(folder.path(), taken.phrase()));
    } else {
      whenDone.accept(taken.summary());
    }
  }

  @Override
  public @Nullable String left() {
    RunFolder written = written();
    FollowedFrames taken = frames;
    return written == null || taken == null || written.isEnded()
        ? null
        : "%s in %s; ./submit.sh infer --resume %s continues"
            .formatted(taken.phrase(), written.path(), written.path());
  }
}
