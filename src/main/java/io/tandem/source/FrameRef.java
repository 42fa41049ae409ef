package io.tandem.source;

import java.io.Serializable;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The identity of a frame: the file that holds it, and which picture of the file it is. An image is
 * frame 0 of its file.
 *
 * @param uri the file, with its scheme
 * @param ptsMicros the presentation time in microseconds from the start of the video; null for an
 *     image
 * @param frameNumber the number of the picture in its file, from 0; null where it cannot be known
 */
public record FrameRef(String uri, @Nullable Long ptsMicros, @Nullable Long frameNumber)
    implements Serializable {

  public FrameRef {
    Objects.requireNonNull(uri, "uri");
  }

  /** Returns the reference of an image file. */
  public static FrameRef image(String uri) {
    return new FrameRef(uri, null, 0L);
  }
}
