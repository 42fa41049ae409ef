package io.tandem.source;

import java.io.Serializable;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The identity of a frame: its file, and its time in the file. An image is frame 0 of its file.
 *
 * @param uri the URI of the file
 * @param ptsMicros the presentation time in microseconds from the start of the video; null for an
 *     image
 * @param frameNumber the number of the frame in its file, from 0; null if unknown
 */
public record FrameRef(String uri, @Nullable Long ptsMicros, @Nullable Long frameNumber)
    implements Serializable {

  public FrameRef {
    Objects.requireNonNull(uri, "uri");
  }

  /** Returns the file, and of a frame of a video the time, such as "film.mp4 at 1.240 s". */
  public String label() {
    return ptsMicros == null
        ? uri
        : String.format(Locale.ROOT, "%s at %.3f s", uri, ptsMicros / 1e6);
  }

  /** Returns the reference of an image file. */
  public static FrameRef image(String uri) {
    return new FrameRef(uri, null, 0L);
  }
}
