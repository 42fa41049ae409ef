package io.tandem.infer;

import io.tandem.conf.Settings;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;

/**
 * A model's file on this host: in place where the disk is local, else fetched once, behind a lock.
 */
final class ModelFiles {
  private ModelFiles() {}

  /** The local folder that holds the model's file. */
  static Path local(ModelSpec spec, Settings.Engine engine, Configuration hadoop) {
    org.apache.hadoop.fs.Path folder = new org.apache.hadoop.fs.Path(spec.folder());
    if ("file".equals(folder.toUri().getScheme())) {
      Path here = Path.of(folder.toUri().getPath());
      if (!Files.exists(here.resolve(spec.file()))) {
        throw new PredictionException(
            "the model's folder %s is not on this executor's host %s; put it where every executor reads it by the same path, such as hdfs: or s3a:"
                .formatted(here, hostName()),
            null);
      }
      return here;
    }
    Path local = TorchEngine.cacheDir(engine).resolve("models").resolve(spec.fingerprint());
    try {
      Files.createDirectories(local);
      try (FileChannel channel =
              FileChannel.open(
                  local.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock lock = channel.lock()) {
        if (lock.isValid() && !Files.exists(local.resolve(spec.file()))) {
          fetch(new org.apache.hadoop.fs.Path(folder, spec.file()), local, hadoop);
        }
      }
      return local;
    } catch (IOException e) {
      throw new PredictionException(
          "the model at %s cannot be fetched to %s".formatted(folder, local), e);
    }
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "(unknown)";
    }
  }

  private static void fetch(org.apache.hadoop.fs.Path file, Path to, Configuration hadoop)
      throws IOException {
    FileSystem fs = file.getFileSystem(hadoop);
    Path part = Files.createTempFile(to, file.getName(), ".part");
    try (InputStream in = fs.open(file)) {
      Files.copy(in, part, StandardCopyOption.REPLACE_EXISTING);
      Files.move(part, to.resolve(file.getName()), StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(part);
    }
  }
}
