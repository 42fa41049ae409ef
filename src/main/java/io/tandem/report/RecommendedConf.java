package io.tandem.report;

import io.tandem.summary.Environment;
import io.tandem.summary.Summary;
import io.tandem.summary.TrialSummary;
import io.tandem.trial.Trial;
import java.util.Locale;

/** {@code recommended.conf}: the best trial's settings for {@code infer --conf}, with reasons. */
public final class RecommendedConf {
  private RecommendedConf() {}

  public static String of(Summary summary) {
    Environment e = summary.environment();
    TrialSummary best = summary.best();
    Trial t = best.trial();
    StringBuilder conf = new StringBuilder();
    conf.append(
        "# For ./submit.sh infer --conf with this file. From a benchmark of %s on %d cores%n"
            .formatted(e.model(), e.cores()));
    comment(conf, "", "(" + e.cpu() + "). " + summary.verdict().text());
    conf.append("\ninfer {\n");
    comment(
        conf,
        "  ",
        lanes(t, e)
            + String.format(
                Locale.ROOT,
                " %.2f times as fast as one by one, at %.1f ms a forward pass.",
                best.speedup(),
                best.latencyP50Ms() == null ? Double.NaN : best.latencyP50Ms()));
    conf.append("  intra-op-threads = %d%n".formatted(t.intraOpThreads()));
    comment(conf, "  ", "Frames in one forward pass" + chosen(summary, Trial::batchSize));
    conf.append("  batch-size = %d%n".formatted(t.batchSize()));
    comment(conf, "  ", "Who shares a loaded model" + chosen(summary, Trial::modelScope));
    conf.append("  model-scope = %s%n".formatted(t.modelScope().name().toLowerCase(Locale.ROOT)));
    conf.append("}\n\n");
    if (!t.precision().equals("sleep")) {
      comment(conf, "", precision(summary, best));
      conf.append("model.precision = \"%s\"%n".formatted(t.precision()));
    }
    conf.append("# Helper threads that decode for each lane, as they were in the benchmark.\n");
    conf.append("lane.decode-threads = %d%n".formatted(e.decodeThreads()));
    return conf.toString();
  }

  private static String lanes(Trial t, Environment e) {
    int fitting = Math.max(1, e.cores() / t.intraOpThreads());
    String lanes = Words.count(t.concurrency(), "lane");
    return fitting == t.concurrency() || !e.master().startsWith("local")
        ? "infer fills every slot: %s here.".formatted(lanes)
        : "The best had %s: call ./submit.sh --master local[%d] infer ..."
            .formatted(lanes, t.concurrency());
  }

  private static String chosen(Summary summary, java.util.function.Function<Trial, Object> of) {
    String measured =
        summary.trials().stream()
            .map(s -> of.apply(s.trial()).toString().toLowerCase(Locale.ROOT))
            .distinct()
            .collect(java.util.stream.Collectors.joining(", "));
    return measured.contains(",")
        ? "; measured were %s.".formatted(measured)
        : "; nothing else was measured.";
  }

  private static String precision(Summary summary, TrialSummary best) {
    String same =
        best.agreement() == null
            ? ""
            : String.format(
                Locale.ROOT,
                " Its labels are the baseline's for %.1f %% of the frames, ties apart.",
                best.agreement() * 100);
    return "Which export of the model" + chosen(summary, Trial::precision) + same;
  }

  private static void comment(StringBuilder conf, String indent, String text) {
    Wrap.at(100, text).lines().forEach(line -> conf.append(indent + "# " + line + "\n"));
  }
}
