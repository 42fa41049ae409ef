package io.tandem.run;

import io.tandem.conf.ImageEncoding;
import io.tandem.source.Frame;
import io.tandem.source.FrameRef;
import java.io.IOException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.Path;

/**
 * A folder of pictures in a run: one file for each frame, whose name follows from the frame, so
 * that a repeated task writes the same file again.
 *
 * @param run the run folder, with its scheme
 * @param name of the folder, relative to it
 */
record PictureFolder(String run, String name, ImageEncoding encoding) implements Serializable {
  private static final int LONGEST_STEM = 80;
  private static final int HASH_DIGITS = 12;

  /** Returns a name for what is made of a file: its own one, and digits by which it is unique. */
  static String nameOf(String uri) {
    String file = uri.replaceFirst(".*/", "");
    String stem = file.replaceFirst("\\.[A-Za-z0-9]{1,5}$", "").replaceAll("[^A-Za-z0-9._-]", "_");
    String hash = sha256(uri.getBytes(StandardCharsets.UTF_8)).substring(0, HASH_DIGITS);
    return stem.substring(0, Math.min(stem.length(), LONGEST_STEM)) + "-" + hash;
  }

  /** Returns the path of a frame's picture, relative to the run folder. */
  String path(Frame frame) {
    return "%s/%s%s.%s"
        .formatted(name, nameOf(frame.path()), place(frame.ref()), encoding.ending());
  }

  /** Returns the place in a video: names of consecutive frames are in their order. */
  private static String place(FrameRef frame) {
    if (frame.ptsMicros() == null) {
      return "";
    }
    Long number = frame.frameNumber();
    return number == null ? "-%dus".formatted(frame.ptsMicros()) : "-%06d".formatted(number);
  }

  /**
   * Writes a file: under another name that it loses when it is whole, or by one request where only
   * a whole file appears.
   *
   * @param relative its path, relative to the run folder
   * @throws IOException if it cannot be written
   */
  void write(String relative, byte[] content, Configuration hadoop) throws IOException {
    try (WholeFile file = WholeFile.create(new Path(run, relative), hadoop)) {
      file.out().write(content);
      file.commit();
    } catch (FSError e) { // Hadoop throws it if a local disk is full.
      throw new IOException(e.getMessage(), e);
    }
  }

  /** Returns the SHA-256 of bytes in hexadecimal digits. */
  static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // Every Java has it.
    }
  }
}
