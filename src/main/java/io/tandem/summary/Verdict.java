package io.tandem.summary;

import java.util.List;

/**
 * What a benchmark came to, in sentences: which trial was best, what limits it, and what to change
 * next.
 */
public record Verdict(Limit limit, List<String> sentences) {

  /** What the best trial is limited by; the order is that in which the rules are tried. */
  public enum Limit {
    /** Too few rounds, or none that is valid. */
    TOO_LITTLE_TO_TELL,
    /** The model is loaded anew for each prediction. */
    MODEL_LOADING,
    /** Lanes wait for files. */
    READING,
    /** Decoding takes more of the lanes' time than the forward pass. */
    DECODING,
    /** Lanes that share one GPU wait for it. */
    DEVICE_SATURATED,
    /** The best trial has more threads than there are cores. */
    OVERSUBSCRIBED,
    /** The lanes keep all cores busy. */
    CORES_FULL,
    /** The best trial has the most threads that were measured, and cores are left. */
    NOTHING_YET,
    /** Cores are left, and more lanes do not use them. */
    SOMETHING_ELSE
  }

  public Verdict {
    sentences = List.copyOf(sentences);
  }

  /** The paragraph. */
  public String text() {
    return String.join(" ", sentences);
  }
}
