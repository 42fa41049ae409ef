package io.tandem.inference;

import io.tandem.conf.ResultOutput;
import io.tandem.conf.Settings;
import io.tandem.conf.SettingsLoader;
import io.tandem.conf.SettingsText;
import io.tandem.inference.InferPreparation.Prepared;
import io.tandem.run.RunFolder;
import io.tandem.run.RunFolderException;
import io.tandem.run.RunRecord;
import io.tandem.sink.ChunkResults;
import io.tandem.spark.Progress;
import io.tandem.spark.Session;
import io.tandem.spark.SparkSettings;
import io.tandem.summary.InferSummary;
import io.tandem.telemetry.LaneMetrics;
import io.tandem.telemetry.TelemetryState;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.util.NativeCodeLoader;
import org.apache.spark.SparkConf;
import org.jspecify.annotations.Nullable;

/** A job of {@code infer}: its session and its run folder, and how it ends early. */
public abstract sealed class InferenceJob implements AutoCloseable permits InferJob, FollowJob {
  private static final long LONGEST_BATCH_NANOS = 30_000_000_000L;

  final Settings settings;
  final Progress progress;
  private volatile boolean cancelled;
  private volatile @Nullable Session session;
  private volatile @Nullable RunFolder run;

  InferenceJob(Settings settings, Progress progress) {
    this.settings = settings;
    this.progress = progress;
  }

  /**
   * Creates a job that predicts the frames that are there, or follows their folder; nothing runs
   * yet.
   *
   * @param settings the settings; batch size and threads must not be auto
   */
  public static InferenceJob of(Settings settings, Progress progress) {
    return settings.infer().follow().enabled()
        ? new FollowJob(settings, progress)
        : new InferJob(settings, progress);
  }

  /**
   * Runs the job and returns its run folder. The session stays open until the job is closed.
   *
   * @param whenDone receives the summary after the output of the last frame is committed
   */
  public abstract RunFolder run(Consumer<InferSummary> whenDone);

  /**
   * Predicts the frames that a run has not committed. The session stays open until the job is
   * closed.
   *
   * @param path the run folder; the settings must be those that it holds
   * @param takeOver whether a process of another host, of which nothing is known, has ended
   * @param whenDone receives the summary of these frames after the output of the last one is
   *     committed
   * @throws RunFolderException if another process writes the folder, or if results would differ
   */
  public abstract RunFolder resume(String path, boolean takeOver, Consumer<InferSummary> whenDone);

  /**
   * Returns a sentence on what a job that has failed or was interrupted leaves; null if there is
   * nothing to resume.
   */
  public abstract @Nullable String left();

  /** Returns whether a video was asked for and not written; the user has been told why. */
  public boolean lacksVideos() {
    return false;
  }

  /** Ends the job soon, with an exception: what is committed stays. */
  public void cancel() {
    cancelled = true;
    Session open = session;
    if (open != null) {
      open.spark().sparkContext().cancelAllJobs();
    }
  }

  boolean isCancelled() {
    return cancelled;
  }

  void opened(Session opened) {
    session = opened;
  }

  /** Notes the run folder that this job has claimed. */
  void writes(RunFolder claimed) {
    run = claimed;
  }

  @Nullable RunFolder written() {
    return run;
  }

  /** Makes what takes the results besides the run folder, before anything is written. */
  void prepareResults(Prepared prepared) {
    ChunkResults.prepare(
        prepared.session(),
        settings.output().results(),
        prepared.model(),
        prepared.frames().columns());
  }

  /** Returns what gets the rows of chunks; of a resumed run, it has those of earlier processes. */
  ChunkResults results(Prepared prepared, RunFolder claimed, boolean resumed) {
    ChunkResults results =
        ChunkResults.of(
            prepared.session(),
            claimed,
            settings.output().results(),
            prepared.model(),
            prepared.frames().columns());
    if (resumed) {
      saveWhereResultsGo(claimed);
      String done = results.complete();
      if (done != null) {
        progress.say(done);
      }
    }
    return results;
  }

  /** A resumed run may be asked for results in a form that it did not have. */
  private void saveWhereResultsGo(RunFolder claimed) {
    Settings saved = SettingsLoader.saved(claimed.read("settings.conf"));
    ResultOutput results = settings.output().results();
    if (!saved.output().results().equals(results)) {
      claimed
          .newFile("settings.conf")
          .writeWhole(SettingsText.of(saved.withOutput(saved.output().withResults(results))));
    }
  }

  static Configuration hadoop(SparkConf conf) {
    if (SparkSettings.isLocal(conf)) {
      // Loads Hadoop's library first, or it waits for libtorch.
      NativeCodeLoader.isNativeCodeLoaded();
    }
    return Session.hadoop(conf);
  }

  static void requireSameResults(RunFolder resumed, RunRecord before, RunRecord now) {
    String changed = before.environment().resultChangeTo(now.environment());
    if (changed != null) {
      throw new RunFolderException(
          null, "%s cannot be resumed: %s; start a new run".formatted(resumed.path(), changed));
    }
  }

  /**
   * Returns the session of the job.
   *
   * @throws IllegalStateException if the job has not run yet
   */
  public Session session() {
    if (session == null) {
      throw new IllegalStateException("the job has not run yet");
    }
    return session;
  }

  /** Waits for the lanes of this JVM: one in native code would crash the exit. */
  private static void awaitLanes() {
    LaneMetrics metrics = TelemetryState.ofThisJvm().metrics();
    long until = System.nanoTime() + LONGEST_BATCH_NANOS;
    while (metrics.lanes() > 0 && System.nanoTime() < until) {
      LockSupport.parkNanos(10_000_000);
    }
  }

  @Override
  public void close() {
    RunFolder written = run;
    if (written != null && !written.isEnded()) {
      written.release();
    }
    if (cancelled) {
      awaitLanes();
    }
    if (session != null) {
      session.close();
    }
  }
}
