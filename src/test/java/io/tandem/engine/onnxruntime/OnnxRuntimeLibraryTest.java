package io.tandem.engine.onnxruntime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnxruntime.OrtEnvironment;
import io.tandem.Tandem;
import io.tandem.engine.EngineOptions;
import io.tandem.model.PredictionException;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The native libraries of a host: whole, once, and of the version of the classes. */
final class OnnxRuntimeLibraryTest {
  @TempDir Path cache;

  @Test
  void libraries_areUnpackedOnce_andAgainWhenCutShort() throws IOException {
    ClassLoader classPath = OnnxRuntimeLibrary.class.getClassLoader();
    Path folder = OnnxRuntimeLibrary.unpacked(cache, classPath);
    List<Path> files = files(folder);
    assertThat(files).hasSize(2);
    FileTime longAgo = FileTime.fromMillis(0);
    for (Path file : files) {
      Files.setLastModifiedTime(file, longAgo);
    }
    Path cut = files.get(0);
    byte[] whole = Files.readAllBytes(cut);
    Files.write(cut, new byte[] {1, 2, 3});
    assertThat(OnnxRuntimeLibrary.unpacked(cache, classPath)).isEqualTo(folder);
    assertThat(cut).hasBinaryContent(whole);
    assertThat(Files.getLastModifiedTime(files.get(1))).isEqualTo(longAgo);
    assertThat(files(folder)).isEqualTo(files);
  }

  @Test
  void libraryThatIsNotOnTheClassPath_isReported() throws IOException {
    try (URLClassLoader none = new URLClassLoader(new URL[0], null)) {
      assertThatThrownBy(() -> OnnxRuntimeLibrary.unpacked(cache, none))
          .isInstanceOf(PredictionException.class)
          .hasMessageStartingWith("ONNX Runtime's library ai/onnxruntime/native/")
          .hasMessageContaining("is not on the class path; submit.sh adds the jars in");
    }
  }

  @Test
  void jarThatIsNotOnTheClassPath_isNamed() throws Exception {
    List<URL> others = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      if (!entry.contains("com/microsoft/onnxruntime")) {
        others.add(Path.of(entry).toUri().toURL());
      }
    }
    try (URLClassLoader classPath =
        new URLClassLoader(others.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
      Class<?> type = classPath.loadClass(OnnxRuntimeProvider.class.getName());
      Object provider = type.getConstructor().newInstance();
      Method start = type.getMethod("start", classPath.loadClass(EngineOptions.class.getName()));
      assertThatThrownBy(() -> start.invoke(provider, (Object) null))
          .cause()
          .hasMessageStartingWith(
              "ONNX Runtime is not on the class path; its jar is com.microsoft.onnxruntime:onnxruntime:1.");
    }
  }

  @Test
  void classesOfAnotherVersion_areRefusedWithTheirPlace() {
    OnnxRuntimeLibrary.requireVersion(OrtEnvironment.class);
    assertThatThrownBy(() -> OnnxRuntimeLibrary.requireVersion(CommandLine.class))
        .isInstanceOf(PredictionException.class)
        .hasMessageMatching(
            "the class path has another ONNX Runtime: 4\\..* in file:.*picocli.*jar, and Tandem's is 1\\..*; remove that one");
  }

  @Test
  void givenFolder_isUsedAsItIs() {
    assertThat(
            OnnxRuntimeLibrary.folder(
                Tandem.settings("engine.onnxruntime-path=/opt/onnxruntime").engine()))
        .isEqualTo(Path.of("/opt/onnxruntime"));
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }
}
