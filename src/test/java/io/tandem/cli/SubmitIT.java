package io.tandem.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.Checkout;
import io.tandem.Ended;
import io.tandem.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.apache.commons.lang3.ArrayUtils;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code submit.sh} as a process, called by a link from another folder, as a user would who has it
 * on the path.
 */
@Tag("spark")
final class SubmitIT {
  @TempDir Path folder;

  @BeforeEach
  void linkCheckout() throws IOException {
    Checkout.in(folder);
  }

  @Test
  void tooFewSlots_areRefusedBeforeTheBarrierHangs() throws Exception {
    Ended ended =
        run(
            Map.of(),
            "./submit.sh",
            "--master",
            "local[2]",
            "benchmark",
            "--set",
            "benchmark.concurrency=[5]");
    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(ended.err())
        .startsWith("5 lanes need 5 task slots, but local[2] has 2; ")
        .hasLineCount(1);
    assertThat(folder.resolve("out")).doesNotExist();
  }

  @Test
  void wrongJava_isOneSentence() throws Exception {
    for (String version : List.of("1.8.0_402", "11.0.22", "25.0.1")) {
      Path home = Files.createDirectories(folder.resolve("jdk-" + version));
      Path java = Files.createDirectories(home.resolve("bin")).resolve("java");
      Files.writeString(java, "#!/bin/sh\necho 'openjdk version \"" + version + "\"' >&2\n");
      Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
      Ended ended = run(Map.of("JAVA_HOME", home.toString()), "./submit.sh", "benchmark");
      assertThat(ended.exitCode()).isEqualTo(2);
      assertThat(ended.err())
          .startsWith("Spark runs on Java 17 or 21; " + java + " is Java ")
          .hasLineCount(1);
    }
    Ended none = run(Map.of("JAVA_HOME", "/no/such/jdk"), "./submit.sh", "benchmark");
    assertThat(none.exitCode()).isEqualTo(2);
    assertThat(none.err()).startsWith("No Java found at JAVA_HOME=/no/such/jdk.").hasLineCount(1);
  }

  @Test
  void sparkOfAnotherLine_isRefused_orIgnoredOnThePath() throws Exception {
    Path home = folder.resolve("other-spark");
    Files.createDirectories(home.resolve("jars"));
    Files.createFile(home.resolve("jars/spark-core_2.12-3.4.4.jar"));
    Path submit = Files.createDirectories(home.resolve("bin")).resolve("spark-submit");
    Files.writeString(submit, "#!/bin/sh\nexit 7\n");
    Files.setPosixFilePermissions(submit, PosixFilePermissions.fromString("rwxr-xr-x"));

    Ended named = run(Map.of("SPARK_HOME", home.toString()), "./submit.sh", "--version");
    assertThat(named.exitCode()).isEqualTo(2);
    assertThat(named.err()).contains("spark-core_2.12-3.4.4").contains("Unset SPARK_HOME");

    String path = home.resolve("bin") + ":" + System.getenv("PATH");
    Ended found = run(Map.of("PATH", path), "./submit.sh", "--version");
    assertThat(found.exitCode()).isZero();
    assertThat(found.err()).contains("is ignored").hasLineCount(1);
    assertThat(found.out()).matches("Tandem \\d+\\.\\d+\\.\\d+.*\n");

    Ended none = run(Map.of("SPARK_HOME", "/no/spark"), "./submit.sh", "--version");
    assertThat(none.exitCode()).isEqualTo(2);
    assertThat(none.err()).startsWith("SPARK_HOME=/no/spark has no bin/spark-submit.");
  }

  @Test
  void wrongOptionsBeforeTheCommand_areOneSentence() throws Exception {
    for (String[] call :
        new String[][] {
          {"--conf", "my.conf", "infer"}, {"--mster", "local", "infer"}, {"--nonsense=3", "infer"}
        }) {
      Ended ended = run(Map.of(), "./submit.sh", call[0], call[1], call[call.length - 1]);
      assertThat(ended.exitCode()).isEqualTo(2);
      assertThat(ended.err()).contains("the command").hasLineCount(1);
    }
  }

  @Test
  void wordsThatTheJvmWouldRefuse_areRefusedInASentence() throws Exception {
    for (String[] words :
        new String[][] {
          {"", "infer"}, {"--driver-memory", "abc", "infer"}, {"--executor-memory=4gx", "infer"}
        }) {
      String[] call = ArrayUtils.insert(0, words, "./submit.sh");
      Ended ended = run(Map.of(), call);
      assertThat(ended.exitCode()).isEqualTo(2);
      assertThat(ended.err())
          .containsPattern("empty word|takes a size such as 4g, not: (abc|4gx)")
          .hasLineCount(1);
    }
  }

  @Test
  void folderWithAColon_isRefused() throws Exception {
    Path home = Files.createDirectories(folder.resolve("a:b"));
    Files.copy(Path.of("submit.sh"), home.resolve("submit.sh"), StandardCopyOption.COPY_ATTRIBUTES);
    Ended ended = run(Map.of(), home.resolve("submit.sh").toString(), "infer");
    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(ended.err())
        .startsWith("Tandem is in " + home + "; Java's class path takes no folder with a colon")
        .hasLineCount(1);
  }

  @Test
  void valueThatEqualsACommand_isTheOptions() throws Exception {
    Ended ended = run(Map.of(), "./submit.sh", "--name", "infer", "benchmark", "--help");
    assertThat(ended.exitCode()).as(ended.err()).isZero();
    assertThat(ended.out()).contains("--dry-run");
  }

  @Test
  void link_leadsToTandem() throws Exception {
    Path link = Files.createDirectories(folder.resolve("bin")).resolve("tandem");
    Files.createSymbolicLink(link, Path.of("../submit.sh"));
    Ended ended = run(Map.of(), link.toString(), "--version");
    assertThat(ended.exitCode()).as(ended.err()).isZero();
    assertThat(ended.out()).startsWith("Tandem ");
  }

  @Test
  void help_listsTheCommands() throws Exception {
    Ended ended = run(Map.of(), "./submit.sh", "--help");
    assertThat(ended.exitCode()).isZero();
    assertThat(ended.out()).contains("benchmark").contains("infer").contains("Exit codes");
    assertThat(ended.err()).isEmpty();
  }

  private Ended run(Map<String, String> environment, String... command) throws Exception {
    return new Program(folder, command).environment(environment).run();
  }
}
