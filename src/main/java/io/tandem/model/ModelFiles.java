package io.tandem.model;

import io.tandem.conf.Settings;
import io.tandem.model.ModelSpec.ModelFile;
import io.tandem.source.StorageException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;

/**
 * Provides a model's files on this host: in place if the disk is local, otherwise fetched once per
 * host, behind a lock. A file is used only if its length and SHA-256 match the driver's.
 */
public final class ModelFiles {
  /** A file that was found to have this checksum. */
  private record Verified(Path file, String sha256) {}

  private final Set<Verified> verified = new HashSet<>();

  /**
   * Returns the local folder that holds the model's files, or that stands for it beside the folder
   * that does; {@link ModelSpec#file(Path)} finds the file.
   *
   * @throws PredictionException if a file cannot be read, or differs from the driver's
   */
  public synchronized Path local(ModelSpec spec, Settings.Engine engine, Configuration hadoop) {
    org.apache.hadoop.fs.Path folder = new org.apache.hadoop.fs.Path(spec.folder());
    return "file".equals(folder.toUri().getScheme())
        ? inPlace(spec, Path.of(folder.toUri().getPath()))
        : fetched(spec, folder, engine, hadoop);
  }

  private Path inPlace(ModelSpec spec, Path folder) {
    if (!Files.exists(spec.file(folder))) {
      throw new PredictionException(
          "the model's folder %s is not on this executor's host %s; put it where every executor reads it by the same path, such as hdfs: or s3a:"
              .formatted(folder, hostName()),
          null);
    }
    for (ModelFile file : spec.location().files()) {
      requireRight(file, file.in(folder));
    }
    return folder;
  }

  private void requireRight(ModelFile file, Path path) {
    try {
      if (!isRight(file, path)) {
        throw new PredictionException(
            "the model's file %s on this executor's host %s differs from the driver's"
                .formatted(path, hostName()),
            null);
      }
    } catch (IOException e) {
      throw new PredictionException(
          "the model's file %s cannot be read: %s".formatted(path, StorageException.why(e)), e);
    }
  }

  private Path fetched(
      ModelSpec spec,
      org.apache.hadoop.fs.Path folder,
      Settings.Engine engine,
      Configuration hadoop) {
    Path cached = engine.cache().resolve("models").resolve(spec.fingerprint());
    boolean isBeside = !ModelFile.sibling(spec.file()).isEmpty();
    Path local = isBeside ? cached.resolve(folder.getName()) : cached;
    try {
      Files.createDirectories(local);
      try (FileChannel channel =
              FileChannel.open(
                  local.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock lock = channel.lock()) {
        for (ModelFile file : spec.location().files()) {
          if (lock.isValid() && !isRight(file, file.in(local))) {
            fetch(file, new org.apache.hadoop.fs.Path(folder, file.name()), local, hadoop);
          }
        }
      }
      return local;
    } catch (IOException e) {
      throw new PredictionException(
          "the model at %s cannot be fetched to %s on host %s: %s"
              .formatted(folder, local, hostName(), StorageException.why(e)),
          e);
    }
  }

  private boolean isRight(ModelFile file, Path path) throws IOException {
    Verified now = new Verified(path, file.sha256());
    if (verified.contains(now)) {
      return true;
    }
    boolean right =
        Files.exists(path)
            && Files.size(path) == file.length()
            && (file.isForThisJvm()
                || copy(Files.newInputStream(path), OutputStream.nullOutputStream())
                    .equals(file.sha256()));
    if (right) {
      verified.add(now);
    }
    return right;
  }

  /** Fetches a file; it gets its final name once it is complete and verified. */
  private void fetch(
      ModelFile file, org.apache.hadoop.fs.Path from, Path local, Configuration hadoop)
      throws IOException {
    FileSystem fs = from.getFileSystem(hadoop);
    Path whole = file.in(local);
    Files.createDirectories(whole.getParent());
    Path part = Files.createTempFile(local, from.getName(), ".part");
    try {
      String sha256 = copy(fs.open(from), Files.newOutputStream(part));
      boolean sameBytes = file.isForThisJvm() || sha256.equals(file.sha256());
      if (Files.size(part) != file.length() || !sameBytes) {
        throw new PredictionException(
            "%s has changed since the job began: %d bytes with SHA-256 %s, and not %d with %s"
                .formatted(from, Files.size(part), sha256, file.length(), file.sha256()),
            null);
      }
      Files.move(part, whole, StandardCopyOption.ATOMIC_MOVE);
      verified.add(new Verified(whole, file.sha256()));
    } finally {
      Files.deleteIfExists(part);
    }
  }

  /** Copies all bytes, closes both, and returns the SHA-256 of what was read. */
  static String copy(InputStream from, OutputStream to) throws IOException {
    MessageDigest digest = sha256();
    try (DigestInputStream in = new DigestInputStream(from, digest);
        to) {
      in.transferTo(to);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "(unknown)";
    }
  }
}
