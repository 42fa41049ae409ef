package io.tandem.model;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/** Kinds of files that are taken for a model's file by mistake. */
public enum ForeignFile {
  TORCHSCRIPT(
      "a TorchScript file; write engine=PyTorch into its serving.properties",
      ModelFormat.PYTORCH,
      "PK",
      ".*/constants\\.pkl"),
  // Its first fields are ir_version, and producer_name, graph or opset_import.
  ONNX(
      "an ONNX file; write engine=OnnxRuntime into its serving.properties",
      ModelFormat.ONNX,
      "\b.[\u0012:B]",
      ""),
  EXPORTED_PROGRAM(
      "an exported program of torch.export (.pt2)",
      true,
      "PK",
      ".*(serialized_exported_program|models/model)\\.json"),
  SAVED_OBJECTS("a file of torch.save, such as a state dict", true, "PK", ".*/data\\.pkl"),
  PICKLE("a Python pickle, as torch.save wrote before PyTorch 1.6", true, "\u0080\u0002", ""),
  HDF5("an HDF5 file, such as Keras's", true, "\u0089HDF\r\n", ""),
  SAFETENSORS("a file of safetensors: weights without a network", true, ".{8}\\{\"", ""),
  LFS_POINTER(
      "a pointer of Git LFS; get the file by git lfs pull", false, "version https://git", ""),
  WEB_PAGE("a web page, not the file that it offers", false, "<", "");

  private final String title;
  private final boolean isModel;
  private final @Nullable ModelFormat format;
  private final Pattern start;
  private final String entry;

  /** Creates a kind of file that no engine reads. */
  ForeignFile(String title, boolean isModel, String start, String entry) {
    this(title, isModel, null, start, entry);
  }

  /** Creates a kind of file that an engine reads. */
  ForeignFile(String title, ModelFormat format, String start, String entry) {
    this(title, false, format, start, entry);
  }

  /**
   * Creates a kind.
   *
   * @param start a pattern of the first bytes as ISO 8859-1
   * @param entry a pattern of a name in the ZIP archive; empty if it is no archive
   */
  ForeignFile(
      String title, boolean isModel, @Nullable ModelFormat format, String start, String entry) {
    this.title = title;
    this.isModel = isModel;
    this.format = format;
    this.start = Pattern.compile(start, Pattern.DOTALL);
    this.entry = entry;
  }

  /**
   * Returns the kind of a file; null if it is none of these, or cannot be read.
   *
   * @param engine an engine, to which its own format is not foreign
   */
  public static @Nullable ForeignFile of(Path file, String engine) {
    try {
      String start = start(file);
      List<String> names = start.startsWith("PK") ? entries(file) : List.of();
      return Arrays.stream(values())
          .filter(kind -> kind.fits(start, names))
          .findFirst()
          .filter(kind -> kind.format == null || !kind.format.engine().equals(engine))
          .orElse(null);
    } catch (IOException e) {
      return null;
    }
  }

  private boolean fits(String text, List<String> names) {
    return start.matcher(text).lookingAt()
        && (entry.isEmpty() || names.stream().anyMatch(name -> name.matches(entry)));
  }

  private static String start(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return new String(in.readNBytes(32), StandardCharsets.ISO_8859_1);
    }
  }

  private static List<String> entries(Path file) throws IOException {
    try (ZipFile zip = new ZipFile(file.toFile())) {
      return zip.stream().map(entry -> entry.getName()).toList();
    }
  }

  /** Returns what the file is, with its article. */
  public String title() {
    return title;
  }

  /** Returns whether it comes of a model, which must be exported to be used. */
  public boolean isModel() {
    return isModel;
  }
}
