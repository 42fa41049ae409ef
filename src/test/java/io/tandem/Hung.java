package io.tandem;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A process that does not end. */
final class Hung {
  private static final int JSTACK_SECONDS = 20;

  private Hung() {}

  /**
   * Kills a process and those that it has started; returns where the threads of those that are Java
   * were.
   */
  static String kill(ProcessHandle process) throws IOException, InterruptedException {
    List<ProcessHandle> all =
        Stream.concat(Stream.of(process), process.descendants())
            .filter(ProcessHandle::isAlive)
            .toList();
    StringBuilder threads = new StringBuilder();
    for (ProcessHandle one : all) {
      if (one.info().command().filter(command -> command.endsWith("java")).isPresent()) {
        threads.append(threads(one)).append('\n');
      }
    }
    all.forEach(ProcessHandle::destroyForcibly);
    return threads.toString();
  }

  /** Returns where the threads of a Java process are, and which locks and classes they wait for. */
  static String threads(ProcessHandle java) throws IOException, InterruptedException {
    Path printed = Files.createTempFile("jstack", ".txt");
    try {
      Process jstack =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "jstack").toString(),
                  "-l",
                  Long.toString(java.pid()))
              .redirectErrorStream(true)
              .redirectOutput(printed.toFile())
              .start();
      if (!jstack.waitFor(JSTACK_SECONDS, TimeUnit.SECONDS)) {
        jstack.destroyForcibly();
        return "process %d does not say where its threads are".formatted(java.pid());
      }
      return Files.readString(printed, StandardCharsets.UTF_8);
    } finally {
      Files.delete(printed);
    }
  }
}
