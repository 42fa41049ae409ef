package io.tandem.inference;

import io.tandem.follow.FollowedFolder;
import io.tandem.source.FramePlan;
import io.tandem.source.FrameSet;
import io.tandem.source.FrameSource;
import io.tandem.spark.Progress;
import io.tandem.spark.Session;
import java.util.List;

/** The frames of a followed folder before the first batch: none; files begin to settle. */
record NoFramesYet(FollowedFolder folder) implements FrameSource {
  @Override
  public FrameSource prepare() {
    folder.lookFirst();
    return this;
  }

  @Override
  public FramePlan plan(Session session, Progress progress) {
    return FrameSet.listed(List.of());
  }

  @Override
  public Sample sample(Session session, int most, Progress progress) {
    return new Sample(FrameSet.listed(List.of()), 0, false);
  }
}
