package io.tandem.cli;

import io.tandem.conf.InputException;
import io.tandem.source.StorageException;
import io.tandem.spark.MemoryFailure;
import io.tandem.text.Printable;
import java.io.PrintWriter;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.lang3.exception.ExceptionUtils;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.UnmatchedArgumentException;

/** Runs a command, and turns its end into an exit code. */
@Command(
    name = "submit.sh",
    description = {
      "Runs a neural network over very many video frames on Apache Spark,",
      "and measures what running predictions in parallel gains.",
      ""
    },
    synopsisHeading = "Usage: ",
    customSynopsis = "./submit.sh [spark-submit options] COMMAND [options]",
    footer = {
      "",
      "./submit.sh export makes faster exports of a PyTorch or ONNX model; its --help explains it.",
      "",
      "Without --master, Tandem runs on this machine. spark-submit options come before the command,",
      "such as: ./submit.sh --master spark://host:7077 infer --frames hdfs:///frames",
      "",
      "Exit codes: 0 done; 1 the job failed, no frame could be predicted, a calibration's check failed,",
      "or compare found a slower trial; 2 the call was wrong, and nothing was written."
    },
    subcommands = {
      BenchmarkCommand.class,
      InferCommand.class,
      SummarizeCommand.class,
      CompareCommand.class
    },
    mixinStandardHelpOptions = true,
    scope = ScopeType.INHERIT,
    versionProvider = Main.Version.class)
public final class Main {
  static final int FAILED = 1;
  static final int WRONG_CALL = 2;

  /** What Spark writes around the reason for which Tandem cancelled a job. */
  private static final Pattern CANCELLED =
      Pattern.compile(".*\\bJob \\d+ cancelled because (.*?)( SQLSTATE: \\w+)?");

  private Main() {}

  /** Runs a command and exits with its code. */
  public static void main(String[] args) {
    System.exit(run(args));
  }

  /** Runs a command in this JVM; returns the exit code. */
  public static int run(String... args) {
    int java = Runtime.version().feature();
    if (java < 17 || java > 21) {
      System.err.printf(
          "Spark runs on Java 17 or 21; this is Java %d. Set JAVA_HOME to one of them.%n", java);
      return WRONG_CALL;
    }
    CommandLine line =
        new CommandLine(new Main())
            .setUsageHelpWidth(100)
            .setParameterExceptionHandler(Main::wrongCall)
            .setExecutionExceptionHandler(failure());
    if (args.length == 0) {
      line.usage(System.err);
      return WRONG_CALL;
    }
    try {
      return line.execute(args);
    } catch (Error e) { // Such as Hadoop's of a full disk, which is no exception.
      return failed(line, e);
    }
  }

  private static int wrongCall(ParameterException e, String[] args) {
    PrintWriter err = e.getCommandLine().getErr();
    if (e.getCommandLine().getParent() == null) {
      say(
          err,
          "no command %s; there are benchmark, infer, summarize and compare".formatted(args[0]));
    } else if (e instanceof UnmatchedArgumentException) {
      say(err, sentence(e) + "; spark-submit options come before the command");
    } else {
      say(err, sentence(e));
    }
    err.println("See ./submit.sh " + String.join(" ", commandOf(e.getCommandLine())) + "--help");
    return WRONG_CALL;
  }

  private static void say(PrintWriter err, String sentence) {
    err.println(Printable.line(sentence));
  }

  private static String[] commandOf(CommandLine line) {
    return line.getParent() == null ? new String[] {""} : new String[] {line.getCommandName(), ""};
  }

  private static IExecutionExceptionHandler failure() {
    return (e, line, parsed) -> {
      if (e instanceof InputException input) {
        say(line.getErr(), SettingsOptions.sentence(input));
        return WRONG_CALL;
      }
      return failed(line, e);
    };
  }

  private static int failed(CommandLine line, Throwable e) {
    String known = Objects.requireNonNullElseGet(StorageException.sentence(e), () -> other(e));
    say(line.getErr(), "The job failed: " + known);
    LoggerFactory.getLogger(Main.class).debug("The job failed", e);
    return FAILED;
  }

  private static String other(Throwable e) {
    String memory = MemoryFailure.sentence(e);
    return memory != null ? memory : sentence(ExceptionUtils.getRootCause(e));
  }

  private static String sentence(Throwable e) {
    boolean hasMessage = e.getMessage() != null && !(e instanceof Error);
    String text = String.valueOf(hasMessage ? e.getMessage() : e).strip();
    String first = text.lines().findFirst().orElse(text);
    Matcher cancelled = CANCELLED.matcher(first);
    if (cancelled.matches()) {
      return Objects.requireNonNull(cancelled.group(1));
    }
    // Spark says on the next line why a barrier task failed.
    return first.endsWith("finished unsuccessfully.")
        ? first + " " + text.lines().skip(1).findFirst().orElse("").strip()
        : first;
  }

  /** Reads the version that the build wrote into the jar. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Main.class.getPackage().getImplementationVersion();
      return new String[] {"Tandem " + (version == null ? "(not from a jar)" : version)};
    }
  }
}
