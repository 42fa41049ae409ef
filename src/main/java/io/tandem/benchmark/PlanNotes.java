package io.tandem.benchmark;

import io.tandem.conf.BenchmarkSettings;
import io.tandem.spark.Progress;
import io.tandem.spark.Session;
import io.tandem.text.Words;
import io.tandem.trial.Plan;
import io.tandem.trial.Stopping;
import io.tandem.trial.Trial;
import java.util.List;
import java.util.Locale;

/**
 * Says what a benchmark is going to measure, before it begins.
 *
 * @param cores the cores that lanes can use
 */
record PlanNotes(Session session, BenchmarkSettings settings, int cores, Progress progress) {
  /** Maximum number of trials to list by id. */
  private static final int MAX_LISTED = 3;

  /** Prints the trials that are left out, skipped, or oversubscribed. */
  void exceptions(Plan all, Plan plan) {
    for (Plan.LeftOut left : all.leftOut()) {
      progress.say("left out %s: %s".formatted(left.trial().id(), left.why()));
    }
    for (Trial trial : all.trials()) {
      if (!plan.trials().contains(trial)) {
        progress.say(
            "skipped %s: needs %s, has %d"
                .formatted(
                    trial.id(),
                    Words.count(trial.concurrency(), "slot"),
                    session.slots(trial.device())));
      }
    }
    List<String> oversubscribed = plan.oversubscribed(cores).stream().map(Trial::id).toList();
    if (!oversubscribed.isEmpty()) {
      progress.say(
          "more threads than the %s: %s"
              .formatted(
                  Words.count(cores, "core"),
                  oversubscribed.size() <= MAX_LISTED
                      ? String.join(", ", oversubscribed)
                      : "%d trials, such as %s"
                          .formatted(oversubscribed.size(), oversubscribed.get(0))));
    }
  }

  /**
   * Says that trials predict the first frames only.
   *
   * @param frameSeconds the time of a frame in one lane
   * @param allSeconds the time of the first rounds with all frames
   */
  void firstFrames(int frames, int of, double frameSeconds, double allSeconds) {
    progress.say(
        String.format(
            Locale.ROOT,
            "the first %s of %,d: a frame takes about %.2g s, and all of them would take %s (benchmark.frames, --budget)",
            Words.count(frames, "frame"),
            of,
            frameSeconds,
            Words.time(allSeconds)));
  }

  /**
   * Says what is measured, and how long that takes.
   *
   * @param frames a phrase about the frames
   * @param seconds the time of the first rounds
   */
  void plan(Plan plan, Stopping stopping, String frames, String cpu, double seconds) {
    int rounds = stopping.rounds();
    String budget = Words.time(stopping.budgetSeconds());
    String more =
        !stopping.isAdaptive()
            ? ""
            : seconds < stopping.budgetSeconds()
                ? "; more rounds within %s (--budget) where that does not settle it"
                    .formatted(budget)
                : "; after each of these rounds the slowest settings are dropped, up to half, until the others fit %s (--budget)"
                    .formatted(budget);
    progress.say(
        "%s, %s (%s), %s x %s, each at least %s s: at least %s%s"
            .formatted(
                frames,
                Words.count(session.cores(), "core"),
                cpu,
                Words.count(plan.trials().size(), "trial"),
                Words.count(rounds, "round"),
                settings.times().minSeconds(),
                Words.time(seconds),
                more));
  }
}
