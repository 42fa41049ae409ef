package io.tandem;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A folder with links to this checkout's {@code submit.sh}, data and configurations. */
public record Checkout(Path folder) {
  /**
   * Options of spark-submit for calls with little work: the driver compiles with C1 only, and
   * queries are interpreted. submit.sh sets the former itself in local mode.
   */
  public static final List<String> QUICK =
      List.of(
          "--conf",
          "spark.driver.defaultJavaOptions=-XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=256m",
          "--conf",
          "spark.sql.codegen.wholeStage=false",
          "--conf",
          "spark.sql.codegen.factoryMode=NO_CODEGEN");

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
