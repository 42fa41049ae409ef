package io.tandem.inference;

import io.tandem.conf.Settings;
import io.tandem.follow.ArrivedFile;
import io.tandem.follow.Follower;
import io.tandem.frame.VideoIndexer;
import io.tandem.quarantine.LostFrames;
import io.tandem.run.BatchRecord;
import io.tandem.run.Checkpoint;
import io.tandem.run.FrameListing;
import io.tandem.run.RunFolder;
import io.tandem.run.RunPictures;
import io.tandem.source.Frame;
import io.tandem.source.FramePlan;
import io.tandem.source.FrameSource;
import io.tandem.spark.Progress;
import io.tandem.spark.Session;
import io.tandem.summary.InferSummary;
import io.tandem.text.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Predicts the frames of batches of files. The rows of a batch are compared with those that are
 * committed if it may have been begun before: it then ends with each frame once.
 */
final class FollowedFrames implements Follower.Batches {
  private final Settings settings;
  private final InferChunks chunks;
  private final Session session;
  private final RunFolder run;
  private final LostFrames lost;
  private final Progress progress;
  private final InferTally tally;
  private boolean mayBeBegun;
  private volatile long files;
  private final AtomicLong frames = new AtomicLong();

  /**
   * Creates the frames; nothing is predicted yet.
   *
   * @param resumed whether an earlier process may have begun the first batch
   */
  FollowedFrames(
      Settings settings,
      InferChunks chunks,
      Session session,
      RunFolder run,
      LostFrames lost,
      Progress progress,
      boolean resumed) {
    this.settings = settings;
    this.chunks = chunks;
    this.session = session;
    this.run = run;
    this.lost = lost;
    this.progress = progress;
    this.tally = InferTally.registered(session);
    this.mayBeBegun = resumed;
    BatchRecord last = BatchRecord.last(run);
    this.files = last.filesBefore() + last.files();
    this.frames.set(last.framesBefore() + last.frames());
  }

  @Override
  public void process(long number, List<ArrivedFile> arrived) {
    BatchRecord last = BatchRecord.last(run);
    boolean isBegun = last.batch() == number;
    long before = isBegun ? last.framesBefore() : last.framesBefore() + last.frames();
    FramePlan plan = plan(arrived, Math.toIntExact(before));
    BatchRecord batch =
        isBegun ? last.withFrames(plan.size()) : last.next(number, arrived.size(), plan.size());
    if (!batch.equals(last)) {
      batch.write(run);
    }
    FrameListing.add(session, run, plan, number);
    FramePlan remaining = plan;
    if (mayBeBegun) {
      remaining = Checkpoint.of(session, run, plan).remaining();
    }
    files = batch.filesBefore();
    frames.set(before + plan.size() - remaining.size());
    predict(plan, remaining, Math.toIntExact(before));
    files = batch.filesBefore() + arrived.size();
    if (mayBeBegun) {
      RunPictures.removeThoseWithoutRow(session, run);
      mayBeBegun = false;
    }
    progress.say(
        "batch %,d: %s, %s; %s"
            .formatted(
                number,
                Words.count(arrived.size(), "file"),
                Words.count(plan.size(), "frame"),
                phrase()));
  }

  private void predict(FramePlan plan, FramePlan remaining, int first) {
    if (remaining.size() == 0) {
      return;
    }
    LostFrames.Watching watching = lost.watch(session, first, plan.size());
    try (watching) {
      chunks.predict(remaining, tally, frames::addAndGet);
    } finally {
      tally.endPart();
    }
  }

  private FramePlan plan(List<ArrivedFile> arrived, int first) {
    List<Frame> listed = new ArrayList<>();
    for (ArrivedFile file : arrived) {
      listed.add(Frame.image(file.path(), file.length(), file.modifiedMs(), listed.size()));
    }
    return FrameSource.of(listed, settings.frames(), VideoIndexer.of(settings))
        .plan(session, progress)
        .from(first);
  }

  /** Returns a phrase of what the run has, such as "2 files, 48 frames so far". */
  String phrase() {
    return "%s, %s so far"
        .formatted(Words.count(files, "file"), Words.count(frames.get(), "frame"));
  }

  /** Returns the summary of the frames that this process has predicted. */
  InferSummary summary() {
    return tally.value();
  }
}
