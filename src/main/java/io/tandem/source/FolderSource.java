package io.tandem.source;

import io.tandem.conf.Settings;
import io.tandem.spark.Progress;
import io.tandem.spark.Session;
import io.tandem.text.Words;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;

/**
 * The image files of a folder or glob, or one file. The driver lists and holds them while they are
 * few; otherwise the executors do.
 */
final class FolderSource implements FrameSource {
  /** Of the order of 100 MB of the driver's memory: a million files did not fit into 640 MB. */
  private static final int MOST_ON_DRIVER = 200_000;

  private final Settings.Frames settings;
  private final FolderListing listing;
  private final int mostOnDriver;
  private @Nullable List<Frame> frames;
  private boolean isListed;

  private FolderSource(Settings.Frames settings, FolderListing listing, int mostOnDriver) {
    this.settings = settings;
    this.listing = listing;
    this.mostOnDriver = mostOnDriver;
  }

  /** Opens the folder of the settings, without listing it. */
  static FolderSource open(Settings.Frames settings, Configuration hadoop) {
    return open(settings, hadoop, MOST_ON_DRIVER);
  }

  /**
   * Opens the folder of the settings, without listing it.
   *
   * @param mostOnDriver the number of files above which the executors list them
   */
  static FolderSource open(Settings.Frames settings, Configuration hadoop, int mostOnDriver) {
    return new FolderSource(settings, FolderListing.open(settings, hadoop), mostOnDriver);
  }

  @Override
  public FrameSource prepare() {
    var unused = few();
    return this;
  }

  /** Returns the frames; null if there are too many for the driver. */
  private synchronized @Nullable List<Frame> few() {
    if (!isListed) {
      frames = listing.frames(mostOnDriver);
      isListed = true;
    }
    return frames;
  }

  @Override
  public FramePlan plan(Session session, Progress progress) {
    List<Frame> few = few();
    if (few == null) {
      return many(session, progress);
    }
    listing.skipped().forEach(progress::say);
    return FrameSet.listed(few);
  }

  private DistributedFrames many(Session session, Progress progress) {
    progress.say("listing more than " + Words.count(mostOnDriver, "file"));
    return FolderFrames.list(session, settings, progress);
  }

  @Override
  public Sample sample(Session session, int most, Progress progress) {
    List<Frame> few = few();
    if (few == null) {
      DistributedFrames many = many(session, progress);
      return new Sample(FrameSet.listed(many.first(most)), many.size(), many.videoFrames() > 0);
    }
    return new Sample(
        FrameSet.listed(few.subList(0, Math.min(most, few.size()))),
        few.size(),
        few.stream().anyMatch(Frame::isOfVideo));
  }
}
