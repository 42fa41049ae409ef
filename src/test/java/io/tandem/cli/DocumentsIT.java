package io.tandem.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.Checkout;
import io.tandem.Ended;
import io.tandem.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs every command that the README and the pages show in a {@code bash} block. */
final class DocumentsIT {
  private static final Pattern COMMANDS = Pattern.compile("```bash\n(.*?)```", Pattern.DOTALL);

  @TempDir Path folder;

  @BeforeEach
  void linkCheckout() throws IOException {
    Checkout.in(folder);
  }

  @Test
  void documentsCommands_work() throws Exception {
    List<Path> pages = new ArrayList<>(List.of(Path.of("README.md")));
    try (Stream<Path> files = Files.list(Path.of("src/site/markdown"))) {
      files.sorted().forEach(pages::add);
    }
    List<String> commands = new ArrayList<>();
    for (Path page : pages) {
      COMMANDS
          .matcher(Files.readString(page))
          .results()
          .flatMap(match -> match.group(1).lines())
          .filter(line -> !line.startsWith("./mvnw")) // This test is part of that one.
          .filter(line -> !line.equals("./submit.sh benchmark")) // .ci/run has it after the tests.
          .forEach(commands::add);
    }
    assertThat(commands).hasSizeGreaterThanOrEqualTo(4).allMatch(c -> c.startsWith("./submit.sh"));
    for (String command : commands) {
      Ended ended = run(Map.of(), "bash", "-c", command);
      assertThat(ended.exitCode()).as("%s%n%s", command, ended.err()).isZero();
      assertThat(ended.out()).as(command).isNotEmpty();
      assertThat(ended.err()).as(command).doesNotContain("WARN", "Exception", "Building Tandem");
    }
    try (Stream<Path> runs = Files.list(folder.resolve("out"))) {
      assertThat(runs.map(run -> run.getFileName().toString().replaceAll("-\\d.*", "")))
          .containsExactlyInAnyOrder("photos", "clip", "manifest", "scopes");
    }
  }

  private Ended run(Map<String, String> environment, String... command) throws Exception {
    return new Program(folder, command).environment(environment).run();
  }
}
