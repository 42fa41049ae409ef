package io.tandem;

import io.tandem.conf.Settings;
import io.tandem.conf.SettingsLoader;
import io.tandem.lane.ExportChoice;
import io.tandem.model.ModelFolder;
import io.tandem.model.ModelSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;

/** Builds the arguments of a command, and runs it in this JVM. */
public final class Tandem {
  /** Which export is the default depends on the CPU, and so would results. */
  private static final String EXPORT = "model.export=fp32";

  private final List<String> args = new ArrayList<>();

  private Tandem(String command) {
    args.add(command);
  }

  /** Starts a call of {@code infer}. */
  public static Tandem infer() {
    return command("infer").set(EXPORT);
  }

  /** Starts a call of {@code benchmark}. */
  public static Tandem benchmark() {
    return command("benchmark").set(EXPORT);
  }

  /** Starts a call that resumes a benchmark, with its own settings. */
  public static Tandem resume(Object run) {
    return command("benchmark").with("--resume", run);
  }

  /** Starts a call of any command. */
  public static Tandem command(String name) {
    return new Tandem(name);
  }

  /** Returns the settings of a call that sets these pairs of key and value. */
  public static Settings settings(String... pairs) {
    List<String> all = new ArrayList<>(List.of(EXPORT));
    all.addAll(List.of(pairs));
    return SettingsLoader.load(null, all);
  }

  /** Returns the model of these settings. */
  public static ModelSpec spec(Settings settings) {
    return spec(settings, new Configuration());
  }

  /** Returns the model of these settings, on a file system of this configuration. */
  public static ModelSpec spec(Settings settings, Configuration hadoop) {
    ModelFolder folder = ModelFolder.open(settings.model(), hadoop);
    return folder.spec(ExportChoice.here(folder).export());
  }

  /** Adds {@code --frames}. */
  public Tandem frames(Object path) {
    return with("--frames", path);
  }

  /** Adds {@code --model}. */
  public Tandem model(Object path) {
    return with("--model", path);
  }

  /** Adds {@code --output}. */
  public Tandem output(Object path) {
    return with("--output", path);
  }

  /** Adds options, each argument by itself. */
  public Tandem with(Object... more) {
    Arrays.stream(more).map(Object::toString).forEach(args::add);
    return this;
  }

  /** Adds {@code --set} for each pair, as {@code key=value}. */
  public Tandem set(String... pairs) {
    for (String pair : pairs) {
      with("--set", pair);
    }
    return this;
  }

  /**
   * Sets a benchmark's trials to one pass after one batch, without ceilings: for tests where no
   * number depends on how long a trial lasts. One collection of garbage may be half of such a
   * trial, and does not make it invalid. Pairs set later overrule it.
   */
  public Tandem shortTrials() {
    return set(
        "benchmark.min-seconds=0",
        "benchmark.warmup-seconds=0",
        "benchmark.warmup-batches=1",
        "benchmark.ceiling-seconds=0",
        "benchmark.valid.garbage-collection=1");
  }

  /** Returns the arguments so far, the command first. */
  public String[] args() {
    return args.toArray(String[]::new);
  }

  /** Returns a call of the submit script: spark-submit's options, and the arguments so far. */
  public String[] submitted(String script, List<String> options) {
    return Stream.of(List.of(script), options, args).flatMap(List::stream).toArray(String[]::new);
  }

  /** Runs the command in this JVM. */
  public Call run() {
    return Call.tandem(args());
  }
}
