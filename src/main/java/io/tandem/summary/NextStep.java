package io.tandem.summary;

import io.tandem.conf.Device;
import io.tandem.summary.Verdict.Limit;
import io.tandem.trial.Environment;
import io.tandem.trial.Trial;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Names what to try after a limit, with the most that it can gain where that is known. */
final class NextStep {
  /** A smaller gain than this is not mentioned. */
  private static final double WORTH_MENTIONING = 1.02;

  private final Environment environment;
  private final Findings findings;
  private final TrialSummary best;

  NextStep(Environment environment, Findings findings) {
    this.environment = environment;
    this.findings = findings;
    this.best = findings.best();
  }

  String after(Limit limit) {
    return switch (limit) {
      case MODEL_LOADING -> "the model scope, to executor" + upTo(gainOfForwardOnly());
      case READING ->
          "lane.read-ahead, or where the frames are kept"
              + upTo(1 / (1 - findings.share("lane_wait")));
      case DECODING ->
          "lane.decode-threads where cores are free, or smaller frames" + upTo(gainOfForwardOnly());
      case DEVICE_SATURATED -> batchSizeOrPrecision() + "; not the lanes";
      case OVERSUBSCRIBED ->
          "fewer lanes or threads, %d in all (benchmark.concurrency)"
              .formatted(environment.cores());
      case CORES_FULL -> precisionOrBatchSize() + ", or more cores" + smallerFrames();
      case NOTHING_YET -> "more lanes (benchmark.concurrency)" + upTo(gainOfFullLoad());
      case SOMETHING_ELSE -> batchSizeOrPrecision() + ", or fewer lanes";
      case TOO_LITTLE_TO_TELL -> throw new IllegalArgumentException("no limit: " + limit);
    };
  }

  private @Nullable Double gainOfForwardOnly() {
    return findings.ofCeiling().orElse(null);
  }

  private @Nullable Double gainOfFullLoad() {
    boolean onGpu = best.trial().device() == Device.Kind.GPU;
    Double load = onGpu ? best.load().gpu() : Double.valueOf(best.load().cpu());
    return load == null || load == 0 ? null : 1 / load;
  }

  private String smallerFrames() {
    Double gain = gainOfForwardOnly();
    return gain == null || gain < WORTH_MENTIONING
        ? ""
        : text("; smaller frames, which take less decoding, gain %.2f times at most", gain);
  }

  private static String upTo(@Nullable Double gain) {
    return gain == null || gain < WORTH_MENTIONING || gain.isInfinite()
        ? ""
        : text(": %.2f times as fast at most", gain);
  }

  private String batchSizeOrPrecision() {
    List<String> left = new ArrayList<>();
    batchSize(left);
    precision(left);
    return orSmallerModel(left);
  }

  private String precisionOrBatchSize() {
    List<String> left = new ArrayList<>();
    precision(left);
    batchSize(left);
    return orSmallerModel(left);
  }

  private void batchSize(List<String> left) {
    if (!findings.isMeasured(Trial::batchSize)) {
      left.add("the batch size");
    }
  }

  private void precision(List<String> left) {
    if (!findings.isMeasured(Trial::precision)) {
      left.add("the precision");
    }
  }

  /** Names the dimensions that were not measured yet; a smaller model where all were. */
  private static String orSmallerModel(List<String> left) {
    return left.isEmpty() ? "a smaller model" : String.join(" or ", left);
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
