package io.tandem.run;

import io.tandem.conf.Settings;
import io.tandem.conf.SettingsException;
import io.tandem.conf.VideoOutput;
import io.tandem.frame.SegmentWriter;
import io.tandem.model.ModelSpec;
import io.tandem.source.FramePlan;
import io.tandem.source.StorageException;
import io.tandem.spark.HadoopConf;
import io.tandem.spark.Progress;
import io.tandem.spark.ProgressTicker;
import io.tandem.spark.Readers;
import io.tandem.spark.Session;
import io.tandem.text.Words;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.commons.lang3.exception.ExceptionUtils;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.util.LongAccumulator;

/** Makes the videos of a run of their segments, in a task for each video. */
public final class VideoJob {
  /** How many videos are named of those with a problem, and of those without all of their sound. */
  private static final int MOST_NAMED = 5;

  private final Session session;
  private final RunFolder run;
  private final VideoFolder folder;
  private final double timeoutSeconds;

  /** Creates the job; nothing runs yet. */
  public VideoJob(Session session, RunFolder run, Settings settings) {
    this.session = session;
    this.run = run;
    this.folder = VideoFolder.of(run, settings.output().video());
    this.timeoutSeconds = settings.lane().frameTimeoutSeconds();
  }

  /**
   * Refuses settings that ask for videos where there can be none.
   *
   * @throws SettingsException if the model returns no pictures, if FFmpeg has no encoder of the
   *     codec, or if no frame is that of a video
   */
  public static void check(
      Session session, VideoOutput settings, ModelSpec model, FramePlan frames) {
    String key = "output.video.write";
    if (!model.taskType().equals("image")) {
      throw SettingsException.of(
          key,
          "videos can be written of a model with task=image only, and %s has task=%s"
              .formatted(model.folder(), model.taskType()));
    }
    if (!SegmentWriter.has(settings.codec())) {
      throw SettingsException.of(
          "output.video.codec",
          "this FFmpeg has no encoder for %s; choose another".formatted(settings.codec()));
    }
    if (frames.table(session).where("pts_us IS NOT NULL").isEmpty()) {
      throw SettingsException.of(
          key,
          "no video can be written, for there is none among the %s".formatted(frames.phrase()));
    }
  }

  /**
   * Removes segments that a run which did not end has written and not committed: the frames may be
   * divided into others now.
   */
  public void removeUncommitted() {
    try {
      FileSystem fs = WholeFile.fileSystem(folder.segments(), session.hadoop());
      if (!fs.exists(folder.segments())) {
        return;
      }
      Map<String, String> sources = new HashMap<>();
      for (Row row : committed().select("path").distinct().collectAsList()) {
        sources.put(PictureFolder.nameOf(row.getString(0)), row.getString(0));
      }
      for (FileStatus segments : fs.listStatus(folder.segments())) {
        String source = sources.get(segments.getPath().getName());
        if (source == null) {
          fs.delete(segments.getPath(), true);
        } else {
          removeUncommitted(fs, segments.getPath(), source);
        }
      }
    } catch (IOException e) {
      throw new StorageException("cannot access " + folder.segments(), e);
    }
  }

  private void removeUncommitted(FileSystem fs, Path segments, String source) throws IOException {
    Set<Path> kept = new HashSet<>();
    Set<Long> times =
        new HashSet<>(
            committed()
                .where(functions.col("path").equalTo(source))
                .select("pts_us")
                .as(Encoders.LONG())
                .collectAsList());
    for (VideoFolder.Segment segment : VideoFolder.list(segments, session.hadoop())) {
      if (times.contains(segment.firstMicros())) {
        kept.add(segment.path());
      }
    }
    for (FileStatus file : fs.listStatus(segments)) {
      if (!kept.contains(file.getPath())) {
        fs.delete(file.getPath(), true);
      }
    }
  }

  /** Returns the rows of the frames of videos. */
  private Dataset<Row> committed() {
    return run.files("predictions").stream().noneMatch(name -> name.endsWith(".parquet"))
        ? session.spark().sql("SELECT '' path, 0L pts_us, '' error WHERE false")
        : Readers.literal(session.spark())
            .parquet(run.path("predictions"))
            .where("pts_us IS NOT NULL");
  }

  /**
   * Joins the videos, and says what became of them; returns whether all were written.
   *
   * @throws StorageException if one cannot be written
   */
  public boolean join(Progress progress) {
    List<VideoJoin.Video> videos =
        committed()
            .groupBy("path")
            .agg(Map.of("pts_us", "count", "error", "count"))
            .sort("path")
            .selectExpr("path", "`count(pts_us)`", "`count(error)`")
            .collectAsList()
            .stream()
            .map(row -> new VideoJoin.Video(row.getString(0), row.getLong(1), row.getLong(2)))
            .toList();
    if (videos.isEmpty()) {
      return true;
    }
    List<VideoJoin.Outcome> outcomes = outcomes(videos, progress);
    return report(outcomes, progress);
  }

  private List<VideoJoin.Outcome> outcomes(List<VideoJoin.Video> videos, Progress progress) {
    LongAccumulator done = session.spark().sparkContext().longAccumulator("videos");
    VideoFolder in = folder;
    double timeout = timeoutSeconds;
    HadoopConf hadoop = session.broadcastHadoop();
    try (ProgressTicker ticker =
        ProgressTicker.start(progress, done::value, videos.size(), "videos")) {
      List<VideoJoin.Outcome> outcomes =
          session
              .context()
              .parallelize(videos, videos.size())
              .map(
                  video -> {
                    VideoJoin.Outcome outcome =
                        new VideoJoin(in, hadoop.get(), timeout).join(video);
                    done.add(1);
                    return outcome;
                  })
              .collect();
      ticker.finish();
      return outcomes;
    } catch (Exception e) { // Scala does not declare SparkException.
      throw ExceptionUtils.<RuntimeException>rethrow(e);
    }
  }

  private void removeIfEmpty(Path path) {
    try {
      FileSystem fs = WholeFile.fileSystem(path, session.hadoop());
      if (fs.exists(path) && fs.listStatus(path).length == 0) {
        fs.delete(path, true);
      }
    } catch (IOException e) {
      throw new StorageException("cannot remove " + path, e);
    }
  }

  private boolean report(List<VideoJoin.Outcome> outcomes, Progress progress) {
    List<String> said = new ArrayList<>();
    long written = 0;
    long repeated = 0;
    for (VideoJoin.Outcome outcome : outcomes) {
      String source = outcome.video().source();
      if (outcome.problem() != null) {
        said.add("%s: no video is written of it: %s".formatted(source, outcome.problem()));
      } else {
        written++;
        repeated += outcome.video().failed();
        outcome
            .leftOut()
            .forEach(what -> said.add("%s has not %s".formatted(folder.video(source), what)));
      }
    }
    said.stream().limit(MOST_NAMED).forEach(progress::say);
    if (said.size() > MOST_NAMED) {
      progress.say("and %d more".formatted(said.size() - MOST_NAMED));
    }
    if (repeated > 0) {
      progress.say(
          "%s without a picture in %s/: each shows the picture before it, the first ones the one after"
              .formatted(Words.count(repeated, "frame"), VideoFolder.NAME));
    }
    removeIfEmpty(folder.segments());
    return written == outcomes.size();
  }
}
