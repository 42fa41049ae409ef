package io.tandem.source;

import org.apache.hadoop.conf.Configuration;

/** Lists videos where there are none. */
final class NoVideos implements VideoIndex {
  private static final long serialVersionUID = 1L;

  @Override
  public VideoListing list(Frame file, Configuration hadoop) {
    throw new AssertionError(file + " is a video");
  }
}
