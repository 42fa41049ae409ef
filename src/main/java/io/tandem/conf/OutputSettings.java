package io.tandem.conf;

import org.jspecify.annotations.Nullable;

/**
 * The run folder, and what is written to it.
 *
 * @param images where pictures go that a model returns
 * @param video the videos made of these pictures
 */
public record OutputSettings(
    @Nullable String path,
    int topK,
    int commitFrames,
    boolean trace,
    ImagePlace images,
    ImageEncoding imageEncoding,
    VideoOutput video) {
  public OutputSettings {
    Require.notBlank("output.path", path);
    Require.atLeast("output.top-k", topK, 1);
    Require.atLeast("output.commit-frames", commitFrames, 1);
  }

  /** Returns the same with this run folder. */
  public OutputSettings withPath(@Nullable String folder) {
    return new OutputSettings(folder, topK, commitFrames, trace, images, imageEncoding, video);
  }

  /** Returns the same without a trace. */
  public OutputSettings withoutTrace() {
    return new OutputSettings(path, topK, commitFrames, false, images, imageEncoding, video);
  }
}
