package io.tandem.run;

import io.tandem.conf.Device;
import io.tandem.conf.DeviceChoice;
import io.tandem.conf.Export;
import io.tandem.conf.LaneConfig;
import io.tandem.conf.ModelScope;
import io.tandem.text.RunJson;
import io.tandem.trial.ExternalInfo;
import io.tandem.trial.Trial;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Writes and reads {@code trials.jsonl}: the trials of a benchmark in plan order, one JSON object
 * per line. {@code trial} is the trial id, as in the columns of that name; trials that differ only
 * in concurrency have the same {@code series}.
 */
final class TrialTable {
  static final String FILE = "trials.jsonl";

  private TrialTable() {}

  private record Line(
      String trial,
      String device,
      int concurrency,
      int intraOpThreads,
      int batchSize,
      String export,
      String engine,
      String precision,
      @Nullable String exportDevice,
      @Nullable Double exportAgreement,
      String modelScope,
      String role,
      String series,
      @Nullable ExternalInfo external) {}

  /** Returns the content of the file. */
  static String write(List<Trial> trials) {
    return trials.stream()
        .map(trial -> RunJson.line(line(trial)) + "\n")
        .collect(Collectors.joining());
  }

  /** Returns the trials of the content of a file. */
  static List<Trial> read(String lines) {
    return lines.lines().map(line -> trial(RunJson.read(line, Line.class))).toList();
  }

  private static Line line(Trial trial) {
    return new Line(
        trial.id(),
        trial.device().toString(),
        trial.concurrency(),
        trial.intraOpThreads(),
        trial.batchSize(),
        trial.export().name(),
        trial.export().engine(),
        trial.export().precision(),
        trial.export().device() == null ? null : trial.export().device().toString(),
        trial.export().agreement(),
        trial.modelScope().name().toLowerCase(Locale.ROOT),
        trial.role().toString(),
        trial.series(),
        trial.external());
  }

  private static Export export(Line line) {
    String device = line.exportDevice();
    return new Export(
        line.export(),
        line.engine(),
        line.precision(),
        device == null ? null : Device.Kind.of(device),
        line.exportAgreement());
  }

  private static Trial trial(Line line) {
    LaneConfig lane =
        new LaneConfig(
            DeviceChoice.of(Device.Kind.of(line.device())),
            line.intraOpThreads(),
            line.batchSize(),
            export(line),
            ModelScope.valueOf(line.modelScope().toUpperCase(Locale.ROOT)));
    return new Trial(
        line.trial(),
        lane,
        line.concurrency(),
        Trial.Role.valueOf(line.role().toUpperCase(Locale.ROOT)),
        line.external());
  }
}
