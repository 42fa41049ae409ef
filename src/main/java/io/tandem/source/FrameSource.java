package io.tandem.source;

import io.tandem.conf.Settings;
import io.tandem.spark.Progress;
import io.tandem.spark.Session;
import org.apache.hadoop.conf.Configuration;

/**
 * Finds the frames of a job and plans them in splits: those of a folder, or those that a manifest
 * lists. Opening a source needs no Spark, and refuses at once what can be refused at once.
 */
public interface FrameSource {
  /**
   * Opens the source that the settings name.
   *
   * @throws FramesException if it does not exist or cannot be accessed
   */
  static FrameSource open(Settings.Frames settings, Configuration hadoop) {
    return settings.manifest() == null
        ? FolderSource.open(settings, hadoop)
        : ManifestSource.open(settings, hadoop);
  }

  /**
   * Does the part of the work that needs no Spark, so that it can run while Spark starts; returns
   * this source.
   *
   * @throws FramesException if there are no frames, or if they cannot be listed
   */
  default FrameSource prepare() {
    return this;
  }

  /**
   * Plans all frames, in their order.
   *
   * @throws FramesException if there are none, or if they cannot be listed
   */
  FramePlan plan(Session session, Progress progress);

  /** Returns the first {@code most} frames, without those that are known to be missing. */
  Sample sample(Session session, int most, Progress progress);

  /**
   * The first frames of a source.
   *
   * @param of how many frames, or rows of a manifest, the source has
   */
  record Sample(FrameSet frames, long of) {}
}
