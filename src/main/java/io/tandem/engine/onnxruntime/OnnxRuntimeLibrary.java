package io.tandem.engine.onnxruntime;

import ai.onnxruntime.OrtEnvironment;
import io.tandem.conf.Settings;
import io.tandem.engine.djl.LibraryCache;
import io.tandem.model.PredictionException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.CodeSource;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The native libraries of ONNX Runtime. Left to itself, it unpacks them into a temporary folder in
 * each JVM; here a host has them once.
 */
final class OnnxRuntimeLibrary {
  /** The version of the Java classes; JNI needs native libraries of the same one. */
  static final String VERSION = version();

  private static final List<String> NAMES = List.of("onnxruntime", "onnxruntime4j_jni");

  private OnnxRuntimeLibrary() {}

  /**
   * Returns the folder of the native libraries, unpacked unless the settings name one.
   *
   * @throws PredictionException if this JVM has other classes of ONNX Runtime, or no libraries
   */
  static Path folder(Settings.Engine settings) {
    requireVersion(OrtEnvironment.class);
    return settings.onnxRuntimePath() != null
        ? Path.of(settings.onnxRuntimePath()).toAbsolutePath()
        : unpacked(settings.cache(), OnnxRuntimeLibrary.class.getClassLoader());
  }

  /** Refuses a class path without the classes, which are in a jar beside Tandem's. */
  static void requireClasses(ClassLoader classPath) {
    if (classPath.getResource("ai/onnxruntime/OrtEnvironment.class") == null) {
      throw new PredictionException(
          "ONNX Runtime is not on the class path; its jar is com.microsoft.onnxruntime:onnxruntime:%s, and submit.sh adds the one in target/natives"
              .formatted(VERSION),
          null);
    }
  }

  /** Refuses a class of another ONNX Runtime, which comes before ours on the class path. */
  static void requireVersion(Class<?> type) {
    CodeSource from = type.getProtectionDomain().getCodeSource();
    CodeSource ours = OnnxRuntimeLibrary.class.getProtectionDomain().getCodeSource();
    String other = type.getPackage().getImplementationVersion();
    if (other != null && !other.equals(VERSION) && !Objects.equals(from, ours)) {
      throw new PredictionException(
          "the class path has another ONNX Runtime: %s in %s, and Tandem's is %s; remove that one"
              .formatted(other, from == null ? "an unknown place" : from.getLocation(), VERSION),
          null);
    }
  }

  /** Unpacks the libraries on a class path, unless the cache has them. */
  static Path unpacked(Path cache, ClassLoader classPath) {
    Path folder = cache.resolve("onnxruntime").resolve(VERSION + "-" + platform());
    return LibraryCache.locked(
        cache,
        "ONNX Runtime",
        () -> {
          Files.createDirectories(folder);
          for (String name : NAMES) {
            String file = System.mapLibraryName(name).replace(".jnilib", ".dylib");
            unpack(resource(file, classPath), folder.resolve(file));
          }
          return folder;
        });
  }

  private static URL resource(String file, ClassLoader classPath) {
    String name = "ai/onnxruntime/native/%s/%s".formatted(platform(), file);
    URL resource = classPath.getResource(name);
    if (resource == null) {
      throw new PredictionException(
          "ONNX Runtime's library %s is not on the class path; submit.sh adds the jars in target/natives, and engine.onnxruntime-path names a folder that has it"
              .formatted(name),
          null);
    }
    return resource;
  }

  /** Copies a file unless it is there; it gets its name once it is complete. */
  private static void unpack(URL resource, Path file) throws IOException {
    URLConnection connection = resource.openConnection();
    connection.setUseCaches(false);
    try (InputStream in = connection.getInputStream()) {
      if (Files.exists(file) && Files.size(file) == connection.getContentLengthLong()) {
        return;
      }
      Path part = Files.createTempFile(file.getParent(), file.getFileName().toString(), ".part");
      try {
        Files.copy(in, part, StandardCopyOption.REPLACE_EXISTING);
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(part);
      }
    }
  }

  /** Returns the system and processor in ONNX Runtime's words, such as linux-x64. */
  private static String platform() {
    String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    String arch = System.getProperty("os.arch");
    return (os.contains("mac") ? "osx" : os.contains("win") ? "win" : "linux")
        + (arch.equals("amd64") || arch.equals("x86_64") ? "-x64" : "-" + arch);
  }

  private static String version() {
    try (@Nullable InputStream in = OnnxRuntimeLibrary.class.getResourceAsStream("version")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
