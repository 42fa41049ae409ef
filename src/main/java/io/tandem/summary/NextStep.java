package io.tandem.summary;

import io.tandem.conf.ModelScope;
import io.tandem.summary.Verdict.Limit;
import io.tandem.trial.Trial;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Names what to try after a limit. Names no value that was measured, and no dimension of which
 * several values were: what was measured is in the ranking.
 */
final class NextStep {
  /** A trial that reaches more of its ceiling gains little by faster decoding. */
  private static final double NEAR_CEILING = 0.98;

  private final Findings findings;
  private final TrialSummary best;

  NextStep(Findings findings) {
    this.findings = findings;
    this.best = findings.best();
  }

  String after(Limit limit) {
    return switch (limit) {
      case MODEL_LOADING ->
          findings.isMeasured(Trial::modelScope)
              ? "a smaller model"
              : "the model scope, " + ModelScope.EXECUTOR.name().toLowerCase(Locale.ROOT);
      case READING -> "lane.read-ahead, or where the frames are kept";
      case DECODING -> "lane.decode-threads where cores are free, or smaller frames" + ofCeiling();
      case DEVICE_SATURATED -> unmeasured("a smaller model");
      case CORES_FULL -> unmeasured("a smaller model") + ", or more cores" + smallerFrames();
      case CPU_QUOTA ->
          "a larger CPU quota (cpu.max; in Kubernetes the pod's limit of cpu), or "
              + unmeasured("a smaller model");
      case OTHER_PROGRAMS -> "the same on a quiet machine";
      case NOTHING_YET -> "more lanes (benchmark.concurrency)";
      case SOMETHING_ELSE -> unmeasured("a smaller model");
      case TOO_LITTLE_TO_TELL -> throw new IllegalArgumentException("no limit: " + limit);
    };
  }

  private String smallerFrames() {
    Double share = best.ceiling().ratio();
    return share == null || share > NEAR_CEILING || decodingShare() < 1 - NEAR_CEILING
        ? ""
        : "; smaller frames, which take less decoding";
  }

  /** Returns the share of the time that its decoding takes, by the ceiling of decoding alone. */
  private double decodingShare() {
    Double alone = best.ceiling().decodeFps();
    return alone == null ? 1 : best.throughput().fps() / alone;
  }

  private String ofCeiling() {
    Double share = best.ceiling().ratio();
    return share == null
        ? ""
        : String.format(Locale.ROOT, " (it reaches %.2f of its ceiling)", share);
  }

  /** Returns the dimensions of which one value was measured. */
  private String unmeasured(String otherwise) {
    List<String> left = new ArrayList<>();
    if (!findings.isMeasured(Trial::batchSize)) {
      left.add("the batch size");
    }
    if (!findings.isMeasured(Trial::export)) {
      left.add("another export of the model");
    }
    return left.isEmpty() ? otherwise : String.join(" or ", left);
  }
}
