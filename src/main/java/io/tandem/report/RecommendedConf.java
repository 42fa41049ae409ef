package io.tandem.report;

import io.tandem.summary.Summary;
import io.tandem.summary.TrialSummary;
import io.tandem.text.Printable;
import io.tandem.text.RunJson;
import io.tandem.text.Words;
import io.tandem.text.Wrap;
import io.tandem.trial.Environment;
import io.tandem.trial.Trial;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Writes {@code recommended.conf}: the best trial's settings for {@code infer}, with reasons. */
public final class RecommendedConf {
  private static final String EXPORT = "model.export";
  private static final String DECODE_THREADS = "lane.decode-threads";

  private RecommendedConf() {}

  /** Returns the text of the file. */
  public static String of(Summary summary) {
    Environment e = summary.environment();
    TrialSummary best = summary.best();
    Map<String, String> settings = settings(summary);
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
    infer(conf, settings, "device");
    comment(conf, "  ", gain(best));
    infer(conf, settings, "lanes");
    infer(conf, settings, "intra-op-threads");
    comment(conf, "  ", "Frames in one forward pass" + chosen(summary, Trial::batchSize));
    infer(conf, settings, "batch-size");
    comment(conf, "  ", "Who shares a loaded model" + chosen(summary, Trial::modelScope));
    infer(conf, settings, "model-scope");
    conf.append("}\n\n");
    String export = settings.get(EXPORT);
    if (export != null) {
      comment(conf, "", export(summary, best));
      conf.append("%s = %s%n".formatted(EXPORT, RunJson.line(export)));
    }
    conf.append("# Decode threads of each lane, as in the benchmark.\n");
    conf.append("%s = %s%n".formatted(DECODE_THREADS, settings.get(DECODE_THREADS)));
    return conf.toString();
  }

  /** Returns the keys of the file with their values, in its order. */
  public static Map<String, String> settings(Summary summary) {
    Trial t = summary.best().trial();
    Environment e = summary.environment();
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("infer.device", t.device().toString());
    if (e.machine().master().startsWith("local")) {
      settings.put("infer.lanes", Integer.toString(t.concurrency()));
    }
    settings.put("infer.intra-op-threads", Integer.toString(t.intraOpThreads()));
    settings.put("infer.batch-size", Integer.toString(t.batchSize()));
    settings.put("infer.model-scope", t.modelScope().name().toLowerCase(Locale.ROOT));
    if (!t.export().name().equals("sleep")) {
      settings.put(EXPORT, t.export().name());
    }
    settings.put(DECODE_THREADS, Integer.toString(e.decodeThreads(t.device())));
    return settings;
  }

  private static void infer(StringBuilder conf, Map<String, String> settings, String key) {
    String value = settings.get("infer." + key);
    if (value != null) {
      conf.append("  %s = %s%n".formatted(key, value));
    }
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
