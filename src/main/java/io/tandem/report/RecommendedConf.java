package io.tandem.report;

import io.tandem.summary.Summary;
import io.tandem.summary.TrialSummary;
import io.tandem.text.Printable;
import io.tandem.text.RunJson;
import io.tandem.text.Words;
import io.tandem.text.Wrap;
import io.tandem.trial.Environment;
import io.tandem.trial.Trial;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Writes {@code recommended.conf}: the best trial's settings for {@code infer}, with reasons. */
public final class RecommendedConf {
  private RecommendedConf() {}

  /** Returns the text of the file. */
  public static String of(Summary summary) {
    Environment e = summary.environment();
    TrialSummary best = summary.best();
    Trial t = best.trial();
    StringBuilder conf = new StringBuilder();
    conf.append("# For ./submit.sh infer --conf with this file.\n#\n");
    comment(
        conf,
        "",
        "From a benchmark of %s on %s (%s)."
            .formatted(
                e.model().folder().replaceFirst(".*/", ""),
                Words.count(e.cores(), "core"),
                e.machine().cpu()));
    comment(conf, "", summary.verdict().text());
    conf.append("\ninfer {\n");
    comment(conf, "  ", "Where to predict" + chosen(summary, Trial::device));
    conf.append("  device = %s%n".formatted(t.device()));
    comment(conf, "  ", gain(best));
    if (e.machine().master().startsWith("local")) {
      conf.append("  lanes = %d%n".formatted(t.concurrency()));
    }
    conf.append("  intra-op-threads = %d%n".formatted(t.intraOpThreads()));
    comment(conf, "  ", "Frames in one forward pass" + chosen(summary, Trial::batchSize));
    conf.append("  batch-size = %d%n".formatted(t.batchSize()));
    comment(conf, "  ", "Who shares a loaded model" + chosen(summary, Trial::modelScope));
    conf.append("  model-scope = %s%n".formatted(t.modelScope().name().toLowerCase(Locale.ROOT)));
    conf.append("}\n\n");
    if (!t.export().name().equals("sleep")) {
      comment(conf, "", export(summary, best));
      conf.append("model.export = %s%n".formatted(RunJson.line(t.export().name())));
    }
    conf.append("# Decode threads of each lane, as in the benchmark.\n");
    conf.append("lane.decode-threads = %d%n".formatted(e.decodeThreads(t.device())));
    return conf.toString();
  }

  private static String gain(TrialSummary best) {
    Double p50 = best.latency().p50();
    return String.format(
        Locale.ROOT,
        "%s, each with %s: %.2f times as fast as the serial baseline, at %.1f ms a forward pass.",
        Words.count(best.trial().concurrency(), "lane"),
        Words.count(best.trial().intraOpThreads(), "thread"),
        best.speedup().median(),
        p50 == null ? Double.NaN : p50);
  }

  /** Returns the speedups of a dimension's values, all else as in the best trial. */
  private static String chosen(Summary summary, Function<Trial, Object> of) {
    List<TrialSummary> measured = summary.besides(of);
    if (measured.size() == 1) {
      return "; no other value was measured.";
    }
    return measured.stream()
        .map(
            s ->
                String.format(
                    Locale.ROOT,
                    "%s %.2f",
                    of.apply(s.trial()).toString().toLowerCase(Locale.ROOT),
                    s.speedup().median()))
        .collect(Collectors.joining(", ", "; speedup: ", "."));
  }

  private static String export(Summary summary, TrialSummary best) {
    Double same = best.trust().agreement().same();
    String agreement =
        same == null
            ? ""
            : String.format(
                Locale.ROOT,
                " Its results agree with the baseline's for %.1f %% of the frames, ties apart.",
                same * 100);
    return "Which export of the model" + chosen(summary, Trial::export) + agreement;
  }

  private static void comment(StringBuilder conf, String indent, String text) {
    Wrap.at(100, Printable.line(text))
        .lines()
        .forEach(line -> conf.append(indent + "# " + line + "\n"));
  }
}
