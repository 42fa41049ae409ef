package io.tandem.engine.pytorch;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tandem.conf.Settings;
import io.tandem.conf.SettingsLoader;
import io.tandem.engine.EngineOptions;
import java.io.File;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** libtorch's jars, which are beside Tandem's. */
final class PyTorchLibraryTest {
  @TempDir Path cache;

  @Test
  void jarThatIsNotOnTheClassPath_isNamed() throws Exception {
    Properties before = (Properties) System.getProperties().clone();
    ClassLoader own = Thread.currentThread().getContextClassLoader();
    try (URLClassLoader classPath = without("pytorch-native-cpu")) {
      Thread.currentThread().setContextClassLoader(classPath);
      Class<?> options = classPath.loadClass(EngineOptions.class.getName());
      Object settings =
          classPath
              .loadClass(SettingsLoader.class.getName())
              .getMethod("load", Path.class, Collection.class)
              .invoke(null, null, List.of("engine.cache-dir=" + cache));
      Object asked =
          options
              .getMethod("of", classPath.loadClass(Settings.class.getName()))
              .invoke(null, settings);
      Class<?> type = classPath.loadClass(PyTorchProvider.class.getName());
      Object provider = type.getConstructor().newInstance();
      Method start = type.getMethod("start", options);
      assertThatThrownBy(() -> start.invoke(provider, asked))
          .cause()
          .hasMessageStartingWith(
              "libtorch is not on the class path; its jars are pytorch-native-cpu and pytorch-jni");
    } finally {
      Thread.currentThread().setContextClassLoader(own);
      System.setProperties(before);
    }
  }

  private static URLClassLoader without(String jar) throws Exception {
    List<URL> others = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      if (!Path.of(entry).getFileName().toString().startsWith(jar)) {
        others.add(Path.of(entry).toUri().toURL());
      }
    }
    return new URLClassLoader(others.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
  }
}
