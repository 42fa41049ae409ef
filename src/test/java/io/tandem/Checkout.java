package io.tandem;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A folder with links to this checkout's {@code submit.sh}, data and configurations. */
public record Checkout(Path folder) {

  /** Makes the links in a folder. */
  public static Checkout in(Path folder) throws IOException {
    for (String name : List.of("submit.sh", "data", "conf")) {
      Files.createSymbolicLink(folder.resolve(name), Path.of(name).toAbsolutePath());
    }
    return new Checkout(folder);
  }

  /** Runs a program in the folder to its end. */
  public Ended run(Map<String, String> environment, String... command) throws Exception {
    return new Program(folder, command).environment(environment).run();
  }

  /** Prepares {@code ./submit.sh} with spark-submit's options and a command of Tandem. */
  public Program submit(List<String> options, Tandem command) {
    return new Program(folder, command.submitted("./submit.sh", options));
  }
}
