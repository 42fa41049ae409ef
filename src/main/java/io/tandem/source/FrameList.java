package io.tandem.source;

import io.tandem.conf.Settings;
import io.tandem.conf.UsageException;
import io.tandem.spark.Progress;
import io.tandem.spark.Session;
import java.util.List;

/** Lists the frames of a job: those of a folder, or those of a manifest. */
public final class FrameList {
  private FrameList() {}

  /**
   * The frames in the order of their paths, or of the manifest.
   *
   * @throws UsageException where there are none
   */
  public static FrameSet list(Session session, Settings.Frames settings, Progress progress) {
    return settings.manifest() == null
        ? FrameSet.listed(FolderListing.open(settings, session.hadoop()).frames())
        : Manifest.open(session, settings).frames(progress);
  }

  /** The first frames, and of how many. */
  public record Sample(FrameSet frames, int of) {}

  /** Of a manifest those of the first frames that are there: the others are not asked for. */
  public static Sample sample(
      Session session, Settings.Frames settings, int most, Progress progress) {
    if (settings.manifest() != null) {
      Manifest manifest = Manifest.open(session, settings);
      return new Sample(manifest.first(most, progress), manifest.size());
    }
    List<Frame> all = FolderListing.open(settings, session.hadoop()).frames();
    return new Sample(FrameSet.listed(all.subList(0, Math.min(most, all.size()))), all.size());
  }
}
