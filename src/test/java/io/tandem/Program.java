package io.tandem;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Runs a program as a process, with its output in files of a folder. */
public final class Program {
  private static final Duration LONGEST = Duration.ofMinutes(5);

  private Path printed;
  private final ProcessBuilder builder;

  /**
   * Prepares a program that starts in a folder.
   *
   * @param folder where it starts, and where its output is kept, unless another folder is named
   */
  public Program(Path folder, String... command) {
    printed = folder;
    builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.redirectInput(new File("/dev/null"));
    builder.environment().remove("SPARK_HOME");
    builder.environment().putAll(ClassArchive.ifMade());
  }

  /** Prepares a class of a class path in a JVM like this one, opened for Spark. */
  public static Program java(Path folder, List<String> options, String... main) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    System.getProperty("tandem.spark.opens")
        .lines()
        .flatMap(line -> Stream.of(line.strip().split(" +", -1)))
        .forEach(command::add);
    command.addAll(options);
    command.addAll(List.of(main));
    return new Program(folder, command.toArray(String[]::new));
  }

  /** Adds to its environment, or replaces what is there. */
  public Program environment(Map<String, String> variables) {
    builder.environment().putAll(variables);
    return this;
  }

  /** Removes the variables of its environment whose names start so. */
  public Program without(String prefix) {
    builder.environment().keySet().removeIf(key -> key.startsWith(prefix));
    return this;
  }

  /** Keeps its output in another folder. */
  public Program printTo(Path folder) {
    printed = folder;
    return this;
  }

  /** Runs it to its end, for five minutes at most. */
  public Ended run() throws IOException, InterruptedException {
    return start().end();
  }

  /** Starts it. */
  public Started start() throws IOException {
    Path out = Files.createTempFile(printed, "out", ".txt");
    Path err = Files.createTempFile(printed, "err", ".txt");
    Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
    return new Started(process, out, err);
  }

  /** Starts it with both streams in one file. */
  public Process start(Path log) throws IOException {
    return builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
  }

  /** A process, and the files that it prints to. */
  public record Started(Process process, Path out, Path err) {

    /** Waits for its end, for five minutes at most. */
    public Ended end() throws IOException, InterruptedException {
      return end(LONGEST);
    }

    /**
     * Waits for its end.
     *
     * @param longest after this time it is killed, with the processes that it has started; the
     *     error shows where their threads are
     */
    public Ended end(Duration longest) throws IOException, InterruptedException {
      if (!process.waitFor(longest.toSeconds(), TimeUnit.SECONDS)) {
        throw new AssertionError(
            "%s has not ended within %s: %s%n%s"
                .formatted(
                    process.info(), longest, Files.readString(err), Hung.kill(process.toHandle())));
      }
      return new Ended(
          process.exitValue(),
          Files.readString(out, StandardCharsets.UTF_8),
          Files.readString(err, StandardCharsets.UTF_8));
    }

    /** Sends it an interrupt, as Ctrl-C does. */
    public void interrupt() throws IOException, InterruptedException {
      signal("-INT");
    }

    /** Asks it to end, as systems that shut down and managers of containers do. */
    public void terminate() throws IOException, InterruptedException {
      signal("-TERM");
    }

    private void signal(String name) throws IOException, InterruptedException {
      int exit = new ProcessBuilder("kill", name, Long.toString(process.pid())).start().waitFor();
      assertThat(exit).isZero();
    }
  }
}
