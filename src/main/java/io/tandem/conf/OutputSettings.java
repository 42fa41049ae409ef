package io.tandem.conf;

import org.jspecify.annotations.Nullable;

/**
 * The run folder, and what is written to it.
 *
 * @param results where rows go
 * @param images where pictures go that a model returns
 * @param video the videos made of these pictures
 */
public record OutputSettings(
    @Nullable String path,
    int topK,
    ResultOutput results,
    boolean trace,
    ImagePlace images,
    ImageEncoding imageEncoding,
    VideoOutput video) {
  public OutputSettings {
    Require.notBlank("output.path", path);
    Require.atLeast("output.top-k", topK, 1);
  }

  /** Returns the same with this run folder. */
  public OutputSettings withPath(@Nullable String folder) {
    return new OutputSettings(folder, topK, results, trace, images, imageEncoding, video);
  }

  /** Returns the same with these results. */
  public OutputSettings withResults(ResultOutput other) {
    return new OutputSettings(path, topK, other, trace, images, imageEncoding, video);
  }

  /** Returns the number of frames that are committed together. */
  public int commitFrames() {
    return results.commitFrames();
  }

  /** Returns the same without a trace. */
  public OutputSettings withoutTrace() {
    return new OutputSettings(path, topK, results, false, images, imageEncoding, video);
  }
}
