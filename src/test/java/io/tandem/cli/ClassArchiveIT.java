package io.tandem.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.Checkout;
import io.tandem.ClassArchive;
import io.tandem.Ended;
import io.tandem.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The archive of classes that {@code submit.sh} makes for a quicker start. */
final class ClassArchiveIT {
  private static final String[] INFER = {"./submit.sh", "infer", "--frames", "data/photos"};

  @TempDir Path folder;

  @BeforeEach
  void linkCheckout() throws IOException {
    Checkout.in(folder);
  }

  @Test
  void classArchive_isMadeInTheBackground_andUsed_andLetBeWhereItDoesNotFit() throws Exception {
    FileUtils.deleteDirectory(ClassArchive.CACHE.toFile());
    Ended wrong = run(ClassArchive.CACHE, "./submit.sh", "infer", "--framez", "x");
    assertThat(wrong.exitCode()).isEqualTo(2);
    await(() -> ClassArchive.entries(ClassArchive.CACHE).isEmpty());

    Ended first = run(ClassArchive.CACHE, INFER);
    assertThat(first.exitCode()).as(first.err()).isZero();
    await(ClassArchiveIT::isMade);
    String name = ClassArchive.entries(ClassArchive.CACHE).get(0);
    assertThat(ClassArchive.CACHE.resolve("tandem").resolve(name)).isNotEmptyFile();

    Ended second = run(ClassArchive.CACHE, INFER);
    assertThat(second.exitCode()).as(second.err()).isZero();
    assertThat(labels(second)).isEqualTo(labels(first)).hasSize(4);
    assertThat(second.err()).doesNotContainIgnoringCase("warning", "shared");

    Path cache = folder.resolve("cache");
    Files.createDirectories(cache.resolve("tandem"));
    Files.writeString(cache.resolve("tandem").resolve(name), "no archive");
    Ended third = run(cache, INFER);
    assertThat(third.exitCode()).as(third.err()).isZero();
    assertThat(labels(third)).isEqualTo(labels(first));
    assertThat(third.err()).doesNotContainIgnoringCase("warning", "shared", "archive");
  }

  private static boolean isMade() {
    List<String> entries = ClassArchive.entries(ClassArchive.CACHE);
    return entries.size() == 1 && entries.get(0).endsWith(".jsa");
  }

  private static List<String> labels(Ended ended) {
    return ended.out().lines().filter(line -> line.startsWith("  ")).toList();
  }

  private static void await(BooleanSupplier condition) throws Exception {
    for (int i = 0; i < 1_800 && !condition.getAsBoolean(); i++) {
      Thread.sleep(100);
    }
    assertThat(condition.getAsBoolean()).isTrue();
  }

  private Ended run(Path cache, String... command) throws Exception {
    return new Program(folder, command).environment(ClassArchive.in(cache)).run();
  }
}
