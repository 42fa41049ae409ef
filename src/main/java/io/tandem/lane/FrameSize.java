package io.tandem.lane;

import io.tandem.frame.FrameException;
import io.tandem.frame.Picture;
import io.tandem.frame.PictureReader;
import io.tandem.source.Frame;
import java.util.List;

/** The size of frames, compared with the pictures with which {@link Preflight} measures a model. */
public final class FrameSize {
  /** How many frames are tried: others cannot be read. */
  private static final int MOST_TRIED = 5;

  private FrameSize() {}

  /**
   * Returns how many test pictures have the pixels of a frame: of the first that can be read, or 1
   * if there is none, or if the model gets all frames in one size.
   */
  public static double inTestPictures(LaneSpec lanes, List<Frame> frames) {
    if (!lanes.model().keepsSizes()) {
      return 1;
    }
    List<Frame> tried =
        frames.stream().filter(frame -> !frame.isUnreadable()).limit(MOST_TRIED).toList();
    for (Frame frame : tried) {
      try {
        Picture picture =
            PictureReader.read(frame, lanes.files(), lanes.feeding().decoding().maxPixels())
                .picture();
        return (double) picture.width()
            * picture.height()
            / ((double) lanes.testFrame().width() * lanes.testFrame().height());
      } catch (FrameException e) {
        // Its row will say why.
      }
    }
    return 1;
  }
}
