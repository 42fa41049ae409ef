package io.tandem.engine.djl;

import io.tandem.model.PredictionException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The folder where the JVMs of a host unpack native libraries. A file lock lets them do so in turn.
 */
public final class LibraryCache {
  private LibraryCache() {}

  /** Unpacks a library, or finds it unpacked. */
  public interface Unpacking<T> {
    /** Returns what was unpacked. */
    T run() throws IOException;
  }

  /**
   * Unpacks a library while no other JVM of this host does.
   *
   * @param library its name, for an error's message
   * @throws PredictionException if it cannot be unpacked
   */
  public static synchronized <T> T locked(Path cache, String library, Unpacking<T> unpacking) {
    try {
      Files.createDirectories(cache);
      try (FileChannel channel =
              FileChannel.open(
                  cache.resolve("tandem.lock"),
                  StandardOpenOption.CREATE,
                  StandardOpenOption.WRITE);
          FileLock lock = channel.lock()) {
        if (!lock.isValid()) {
          throw new IOException("the lock %s is not valid".formatted(cache));
        }
        return unpacking.run();
      }
    } catch (IOException e) {
      throw new PredictionException(
          "%s cannot be unpacked to %s; engine.cache-dir names another folder"
              .formatted(library, cache),
          e);
    }
  }
}
