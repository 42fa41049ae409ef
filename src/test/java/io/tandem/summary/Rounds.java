package io.tandem.summary;

import io.tandem.trial.Environment;
import io.tandem.trial.InterferenceLimits;
import io.tandem.trial.Rules;
import io.tandem.trial.Stopping;
import io.tandem.trial.Trial;
import io.tandem.trial.Trials;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Made-up measurements for tests: undisturbed, unless said otherwise. */
public final class Rounds {
  public static final int FRAMES = 100;
  public static final Rules RULES =
      new Rules(
          new Stopping(6, 0.05, 120),
          1,
          8,
          0.05,
          new InterferenceLimits(0.1, 0.1, 0.1, 0.15, 50_000),
          20_000,
          0.02,
          1);
  public static final Conditions UNDISTURBED =
      new Conditions(1_000_000, FRAMES, 0, 0.0, interference(0.01, 0.0), 50L);

  public static final Placement HERE = new Placement("driver/cpu × 1", List.of("a CPU"));

  private Rounds() {}

  /** A machine of which nothing else is known. */
  public static Interference interference(@Nullable Double foreignLoad, @Nullable Double stolen) {
    return new Interference(foreignLoad, stolen, null, null, null, null, null);
  }

  /** One second. */
  public static TrialRound round(String trial, int round, long framesInASecond) {
    return round(trial, round, framesInASecond, null, null, UNDISTURBED);
  }

  public static TrialRound round(
      String trial,
      int round,
      long frames,
      @Nullable Double ceiling,
      @Nullable Double decodeCeiling,
      Conditions conditions) {
    return new TrialRound(
        trial,
        round,
        new TrialRound.Work(1, frames, 1_000_000, 1_000_000L),
        new TrialRound.Load(1, null),
        new TrialRound.Ceilings(ceiling, decodeCeiling),
        conditions,
        HERE);
  }

  public static Measured measured(List<TrialRound> rounds) {
    return new Measured(rounds, List.of(), List.of(), List.of(), List.of(), 0);
  }

  public static Measured measured(List<TrialRound> rounds, Agreement... agreements) {
    return new Measured(rounds, List.of(), List.of(), List.of(agreements), List.of(), 0);
  }

  /** As many rounds as there are numbers of frames. */
  public static List<TrialRound> rounds(String trial, long... frames) {
    List<TrialRound> rounds = new ArrayList<>();
    for (int i = 0; i < frames.length; i++) {
      rounds.add(round(trial, i + 1, frames[i]));
    }
    return rounds;
  }

  /** Four cores, and 100 frames of 100 kB. */
  public static Environment environment() {
    return environment(0, 4);
  }

  public static Environment environment(int decodeThreads, int cores) {
    return new Environment(
        new Environment.Software("0", "4", "3", "DJL", "17", "Linux"),
        new Environment.Machine(
            "a CPU", cores, 0, "local[8]", 8, Map.of("cpu", decodeThreads, "gpu", decodeThreads)),
        new Environment.Model("file:/models/net", "abc", "classification", null, Map.of()),
        new Environment.Frames(FRAMES, 10_000_000, null, null),
        RULES);
  }

  /** The summary of these trials, the serial baseline first. */
  public static Summary summary(Measured measured, String... trials) {
    return summary(measured, Trials.planned(trials));
  }

  public static Summary summary(Measured measured, List<Trial> trials) {
    return Summaries.of(environment(), trials, measured);
  }
}
