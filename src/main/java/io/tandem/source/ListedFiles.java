package io.tandem.source;

import io.tandem.spark.Progress;
import io.tandem.spark.Session;
import java.util.List;

/** Files that are listed already. */
record ListedFiles(List<Frame> files) implements FrameSource {
  @Override
  public FramePlan plan(Session session, Progress progress) {
    return FrameSet.listed(files);
  }

  @Override
  public Sample sample(Session session, int most, Progress progress) {
    return new Sample(
        FrameSet.listed(files).collect(most),
        files.size(),
        files.stream().anyMatch(Frame::isOfVideo));
  }
}
