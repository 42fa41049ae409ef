package io.tandem.source;

import io.tandem.conf.Settings;
import io.tandem.spark.Progress;
import io.tandem.spark.Session;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * Finds the frames of a job, in a folder or a manifest, and divides them into splits. Opening a
 * source needs no Spark and fails early on invalid settings.
 */
public interface FrameSource {
  /**
   * Opens the source of the settings.
   *
   * @param videos lists the frames of videos
   * @throws FramesException if it does not exist or cannot be accessed
   */
  static FrameSource open(Settings.Frames settings, Configuration hadoop, VideoIndex videos) {
    FrameSource files =
        settings.manifest() == null
            ? FolderSource.open(settings, hadoop)
            : ManifestSource.open(settings, hadoop);
    return new VideoSource(files, settings, videos, false);
  }

  /**
   * Returns a source of files that are listed already; videos are replaced by their frames, of
   * which there may be none.
   */
  static FrameSource of(List<Frame> files, Settings.Frames settings, VideoIndex videos) {
    return new VideoSource(new ListedFiles(files), settings, videos, true);
  }

  /**
   * Does the work that needs no Spark, so that it can run while Spark starts. Returns this source.
   *
   * @throws FramesException if there are no frames, or if they cannot be listed
   */
  default FrameSource prepare() {
    return this;
  }

  /** Returns the types of the manifest's other columns; null if there is no manifest. */
  default @Nullable StructType columns(Session session) {
    return null;
  }

  /**
   * Returns the plan of all frames, in order.
   *
   * @throws FramesException if there are none, or if they cannot be listed
   */
  FramePlan plan(Session session, Progress progress);

  /** Returns at most the first {@code most} frames, without known missing ones. */
  Sample sample(Session session, int most, Progress progress);

  /**
   * The first frames of a source.
   *
   * @param of the number of frames, or manifest rows, of the source
   * @param hasVideos whether any of them, also after the first ones, is a video to be replaced by
   *     its frames
   */
  record Sample(FrameSet frames, long of, boolean hasVideos) {}
}
