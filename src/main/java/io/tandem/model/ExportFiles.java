package io.tandem.model;

import io.tandem.model.ModelSpec.ModelFile;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The files of an export, each read once: for its checksum, for the fingerprint, and for the files
 * that it names.
 *
 * @param fingerprint of the names and bytes of all files, including the folder's properties and
 *     labels
 */
record ExportFiles(ModelSpec.Location location, String fingerprint) {
  /**
   * Reads the files of an export.
   *
   * @param withChecksums whether other hosts verify the files
   * @param file the name of the model's file, which may be in a folder beside this one
   * @throws ModelException if a file that it names is missing, or outside of its own folder
   */
  static ExportFiles read(
      FileSystem fs, Path folder, boolean withChecksums, String file, ModelFormat format)
      throws IOException {
    Reader reader = new Reader(fs, folder, withChecksums, ModelFiles.sha256());
    for (String name : List.of(ModelProperties.FILE, ModelFolder.SYNSET)) {
      if (fs.exists(new Path(folder, name))) {
        reader.read(name, ExportFiles::none);
      }
    }
    Read main =
        reader.read(file, format == ModelFormat.ONNX ? OnnxExternalData::files : ExportFiles::none);
    List<ModelFile> data = new ArrayList<>();
    for (String name : main.named()) {
      reader.requireInFolder(file, name);
      data.add(reader.read(ModelFile.sibling(file) + name, ExportFiles::none).file());
    }
    return new ExportFiles(
        new ModelSpec.Location(folder.toString(), main.file(), data),
        HexFormat.of().formatHex(reader.fingerprint().digest()));
  }

  /** Returns whether a path is that of a file. */
  static boolean isFile(FileSystem fs, Path path) throws IOException {
    return fs.exists(path) && fs.getFileStatus(path).isFile();
  }

  /** Finds the names of further files in a file. */
  private interface Names {
    Set<String> in(InputStream in, long length) throws IOException;
  }

  private static Set<String> none(InputStream in, long length) {
    return Set.of();
  }

  /**
   * A file that was read.
   *
   * @param named the files that it names
   */
  private record Read(ModelFile file, Set<String> named) {}

  private record Reader(
      FileSystem fs, Path folder, boolean withChecksums, MessageDigest fingerprint) {
    Read read(String name, Names names) throws IOException {
      Path path = new Path(folder, name);
      long length = fs.getFileStatus(path).getLen();
      fingerprint.update((name + '\n' + length + '\n').getBytes(StandardCharsets.UTF_8));
      MessageDigest own = ModelFiles.sha256();
      try (DigestInputStream all = new DigestInputStream(fs.open(path), fingerprint);
          DigestInputStream in = new DigestInputStream(all, own)) {
        in.on(withChecksums);
        Set<String> named = names.in(new SkipByReading(in), length);
        in.transferTo(OutputStream.nullOutputStream());
        String sha256 = withChecksums ? HexFormat.of().formatHex(own.digest()) : "";
        return new Read(new ModelFile(name, length, sha256), named);
      }
    }

    /** Refuses external data that is missing, or that is not in this folder. */
    void requireInFolder(String file, String name) throws IOException {
      String sibling = ModelFile.sibling(file);
      Path own = sibling.isEmpty() ? folder : new Path(folder, sibling);
      if (!isInside(own, name)) {
        throw new ModelException(
            "model.path",
            "%s in %s names a file of tensors outside of the folder, which is not read: %s; save the model again with its external data beside it"
                .formatted(file, folder, name));
      }
      Path path = new Path(own, name);
      if (!isFile(fs, path)) {
        throw new ModelException(
            "model.path",
            "%s in %s keeps tensors in %s, which is missing; copy that file into the folder too"
                .formatted(file, folder, name));
      }
    }

    /** Returns whether a relative path stays in a folder; local ones may have symbolic links. */
    private static boolean isInside(Path folder, String name) throws IOException {
      if (name.isEmpty()
          || name.startsWith("/")
          || name.matches("(?s).*[\\\\:].*")
          || Arrays.asList(name.split("/")).contains("..")) {
        return false;
      }
      if (!"file".equals(folder.toUri().getScheme())) {
        return true;
      }
      java.nio.file.Path local = java.nio.file.Path.of(folder.toUri().getPath());
      java.nio.file.Path target = local.resolve(name);
      return !Files.exists(target) || target.toRealPath().startsWith(local.toRealPath());
    }
  }

  /** A digest needs every byte, and {@link DigestInputStream} skips without it. */
  private static final class SkipByReading extends FilterInputStream {
    private final byte[] skipped = new byte[1 << 16];

    SkipByReading(InputStream in) {
      super(in);
    }

    @Override
    public long skip(long bytes) throws IOException {
      return Math.max(0, read(skipped, 0, (int) Math.min(bytes, skipped.length)));
    }
  }
}
