package io.tandem.conf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Settings send no request: a server of this machine counts those that come. */
final class ConfigIncludesTest {
  @TempDir Path folder;

  private final AtomicInteger requests = new AtomicInteger();
  private HttpServer server;
  private String url = "";

  @BeforeEach
  void listen() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          requests.incrementAndGet();
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    server.start();
    url = "http://localhost:%d/a.conf".formatted(server.getAddress().getPort());
  }

  @AfterEach
  void close() {
    server.stop(0);
  }

  @Test
  void server_countsRequests() throws IOException {
    new java.net.URL(url).openStream().close();
    assertThat(requests).hasValue(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "include url(\"URL\")",
        "include \"URL\"",
        "include required(url(\"URL\"))",
        "tandem { frames { include url(\"URL\") } }",
        "include classpath(\"reference.conf\")",
        "include \"jar:URL!/a.conf\""
      })
  void includesOfAnythingButFiles_areRefused(String line) throws IOException {
    String text = line.replace("URL", url);
    Path file = Files.writeString(folder.resolve("my.conf"), text);
    assertThatThrownBy(() -> SettingsLoader.load(file, List.of()))
        .isInstanceOf(SettingsException.class)
        .hasMessageStartingWith(file + ": settings include local files only, not: include ");
    assertThatThrownBy(() -> SettingsLoader.saved(text))
        .isInstanceOf(SettingsException.class)
        .hasMessageStartingWith("settings.conf: nothing can be included here: include ");
    assertThatThrownBy(() -> SettingsText.differences(text, text))
        .isInstanceOf(SettingsException.class);
    assertThatThrownBy(
            () -> SettingsLoader.load(null, List.of("model.properties={ " + text + " }")))
        .isInstanceOf(SettingsException.class);
    assertThat(requests).hasValue(0);
  }

  @Test
  void localFile_isIncluded_andWhatItIncludesIsCheckedToo() throws IOException {
    Path file = Files.writeString(folder.resolve("my.conf"), "include \"other.conf\"\n");
    Path other = folder.resolve("other.conf");
    assertThatThrownBy(() -> SettingsLoader.load(file, List.of()))
        .hasMessage(file + ": there is no file to include: other.conf");
    Files.writeString(other, "infer.batch-size = 3\n");
    assertThat(SettingsLoader.load(file, List.of()).infer().batchSize().get()).isEqualTo(3);
    Files.writeString(file, "include file(\"%s\")\n".formatted(other));
    assertThat(SettingsLoader.load(file, List.of()).infer().batchSize().get()).isEqualTo(3);
    Files.writeString(other, "include url(\"%s\")\n".formatted(url));
    assertThatThrownBy(() -> SettingsLoader.load(file, List.of()))
        .isInstanceOf(SettingsException.class);
    assertThat(requests).hasValue(0);
  }

  @Test
  void settingsOfARun_readNoFileAndNoEnvironment() throws IOException {
    Path other = Files.writeString(folder.resolve("other.conf"), "infer.batch-size = 3\n");
    for (String text :
        List.of(
            "include file(\"%s\")".formatted(other),
            "include \"%s\"".formatted(other),
            "tandem.frames.path = ${HOME}",
            "tandem.frames.path = ${?nope}")) {
      assertThatThrownBy(() -> SettingsLoader.saved(text))
          .as(text)
          .isInstanceOf(SettingsException.class)
          .hasMessageStartingWith("settings.conf");
    }
  }

  @Test
  void deepNesting_isRefused() throws IOException {
    String deep = "a=" + "[".repeat(100_000);
    Path file = Files.writeString(folder.resolve("my.conf"), deep);
    assertThatThrownBy(() -> SettingsLoader.saved(deep)).isInstanceOf(SettingsException.class);
    assertThatThrownBy(() -> SettingsLoader.load(file, List.of()))
        .isInstanceOf(SettingsException.class);
  }
}
