package io.tandem.source;

import io.tandem.conf.Settings;
import io.tandem.spark.Progress;
import io.tandem.spark.Session;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;

/**
 * The image files of a folder or glob, or one file. The driver lists and holds them, as in Spark's
 * file sources.
 */
final class FolderSource implements FrameSource {
  private final FolderListing listing;
  private @Nullable List<Frame> frames;

  private FolderSource(FolderListing listing) {
    this.listing = listing;
  }

  /** Opens the folder of the settings, without listing it. */
  static FolderSource open(Settings.Frames settings, Configuration hadoop) {
    return new FolderSource(FolderListing.open(settings, hadoop));
  }

  @Override
  public FrameSource prepare() {
    var unused = frames();
    return this;
  }

  private synchronized List<Frame> frames() {
    if (frames == null) {
      frames = listing.frames();
    }
    return frames;
  }

  @Override
  public FramePlan plan(Session session, Progress progress) {
    List<Frame> all = frames();
    listing.passedOver().forEach(progress::say);
    return FrameSet.listed(all);
  }

  @Override
  public Sample sample(Session session, int most, Progress progress) {
    List<Frame> all = frames();
    return new Sample(FrameSet.listed(all.subList(0, Math.min(most, all.size()))), all.size());
  }
}
