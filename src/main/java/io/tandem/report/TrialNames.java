package io.tandem.report;

import io.tandem.summary.Summary;
import io.tandem.text.Words;
import io.tandem.trial.ExternalInfo;
import io.tandem.trial.Trial;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Names trials for people, without what all trials of a benchmark have in common. */
final class TrialNames {
  private final Summary summary;

  TrialNames(Summary summary) {
    this.summary = summary;
  }

  /** "2 lanes × 1 thread, batch 8"; the title of an external one. */
  String name(Trial trial) {
    return title(trial).orElseGet(() -> described(trial));
  }

  private Optional<String> title(Trial trial) {
    return Optional.ofNullable(trial.external()).map(ExternalInfo::title);
  }

  private String described(Trial trial) {
    return Stream.concat(
                Stream.of(
                    "%s × %s"
                        .formatted(
                            Words.count(trial.concurrency(), "lane"),
                            Words.count(trial.intraOpThreads(), "thread"))),
                different(trial))
            .collect(Collectors.joining(", "))
        + (trial.isRepeat() ? ", A/A repeat" : "");
  }

  String series(Trial trial) {
    return title(trial).orElseGet(() -> describedSeries(trial));
  }

  private String describedSeries(Trial trial) {
    return Stream.concat(Stream.of(Words.count(trial.intraOpThreads(), "thread")), different(trial))
        .collect(Collectors.joining(", "));
  }

  private Stream<String> different(Trial trial) {
    List<String> of = new ArrayList<>();
    List<String> named = ConsoleTable.setting(summary).stream().map(Metric::name).toList();
    if (named.contains("device")) {
      of.add(trial.device().toString());
    }
    if (named.contains("batch_size")) {
      of.add("batch " + trial.batchSize());
    }
    if (named.contains("export")) {
      of.add(trial.export().name());
    }
    if (named.contains("model_scope")) {
      of.add("model per " + trial.modelScope().name().toLowerCase(Locale.ROOT));
    }
    return of.stream();
  }
}
