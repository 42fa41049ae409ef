package io.tandem.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.Checkout;
import io.tandem.Ended;
import io.tandem.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The archive of classes that {@code submit.sh} makes for a quicker start. */
final class ClassArchiveIT {
  @TempDir Path folder;

  @BeforeEach
  void linkCheckout() throws IOException {
    Checkout.in(folder);
  }

  @Test
  void classArchive_isMadeInTheBackground_andUsed_andLetBeWhereItDoesNotFit() throws Exception {
    Path cache = folder.resolve("cache");
    Map<String, String> on =
        Map.of("TANDEM_CLASS_ARCHIVE", "on", "XDG_CACHE_HOME", cache.toString());
    Ended wrong = run(on, "./submit.sh", "infer", "--framez", "x");
    assertThat(wrong.exitCode()).isEqualTo(2);
    await(() -> entries(cache).isEmpty());

    String[] call = {"./submit.sh", "infer", "--frames", "data/photos"};
    Ended first = run(on, call);
    assertThat(first.exitCode()).as(first.err()).isZero();
    await(() -> entries(cache).size() == 1 && entries(cache).get(0).endsWith(".jsa"));
    Path archive = cache.resolve("tandem").resolve(entries(cache).get(0));
    assertThat(archive).isNotEmptyFile();

    Ended second = run(on, call);
    assertThat(second.exitCode()).as(second.err()).isZero();
    assertThat(labels(second)).isEqualTo(labels(first)).hasSize(4);
    assertThat(second.err()).doesNotContainIgnoringCase("warning", "shared");

    assertThat(archive.toFile().setWritable(true)).isTrue();
    Files.writeString(archive, "no archive");
    Ended third = run(on, call);
    assertThat(third.exitCode()).as(third.err()).isZero();
    assertThat(labels(third)).isEqualTo(labels(first));
    assertThat(third.err()).doesNotContainIgnoringCase("warning", "shared", "archive");
  }

  private static List<String> labels(Ended ended) {
    return ended.out().lines().filter(line -> line.startsWith("  ")).toList();
  }

  private static List<String> entries(Path cache) throws IOException {
    Path folder = cache.resolve("tandem");
    if (!Files.exists(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  private interface Condition {
    boolean holds() throws IOException;
  }

  private static void await(Condition condition) throws Exception {
    for (int i = 0; i < 1_800 && !condition.holds(); i++) {
      Thread.sleep(100);
    }
    assertThat(condition.holds()).isTrue();
  }

  private Ended run(Map<String, String> environment, String... command) throws Exception {
    return new Program(folder, command).environment(environment).run();
  }
}
