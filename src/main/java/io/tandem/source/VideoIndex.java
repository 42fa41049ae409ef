package io.tandem.source;

import java.io.Serializable;
import org.apache.hadoop.conf.Configuration;

/** Lists the frames of video files, on executors; {@code frame} implements it. */
public interface VideoIndex extends Serializable {
  /**
   * Lists the frames of a video file, without decoding them. What is wrong with the file is part of
   * the listing.
   */
  VideoListing list(Frame file, Configuration hadoop);
}
