package io.tandem.lane;

import io.tandem.postprocess.PictureStore;
import java.io.Serializable;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;

/** Where the pictures go that lanes' models return; travels from the driver to the task. */
public interface PictureSink extends Serializable {
  /** Keeps pictures in memory. */
  PictureSink NONE = hadoop -> due -> null;

  /** Opens the sink for one lane. */
  Opened open(Configuration hadoop);

  /** The sink of one lane, for its thread alone. */
  @FunctionalInterface
  interface Opened extends AutoCloseable {
    /** Returns the place of a frame's picture; null if it stays in memory. */
    @Nullable PictureStore of(DueFrame due);

    /** Notes that a frame has no picture, in the order of the frames. */
    default void failed(DueFrame due) {}

    /**
     * Completes what consists of several pictures, after the last frame.
     *
     * @throws io.tandem.source.StorageException if that cannot be written
     */
    default void finish() {}

    /**
     * Writes what has been held back, drops what is not complete, and frees memory.
     *
     * @throws io.tandem.source.StorageException if that cannot be written
     */
    @Override
    default void close() {}
  }
}
