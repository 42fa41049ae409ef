package io.tandem.summary;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The conclusion of a benchmark in sentences.
 *
 * @param answer what to do, with the gain; then what limits it
 * @param reasons what else was found, and the next step
 */
public record Verdict(Limit limit, List<String> answer, List<String> reasons) {

  /**
   * The limit of the best trial, in the order in which the rules are tried; {@code summary.json}
   * has the names.
   */
  public enum Limit {
    /** Too few rounds, or none that is valid. */
    TOO_LITTLE_TO_TELL("inconclusive"),
    /** The model is loaded for each prediction. */
    MODEL_LOADING("model loading"),
    /** Lanes wait for files. */
    READING("reading"),
    /** Decoding takes more of the lanes' time than the forward pass. */
    DECODING("decoding"),
    /** Lanes that share one GPU wait for it. */
    DEVICE_SATURATED("device saturated"),
    /** The lanes keep all cores busy. */
    CORES_FULL("cores full"),
    /** A CPU quota holds the lanes back. */
    CPU_QUOTA("CPU quota"),
    /** Other programs, or the hypervisor's other guests, keep the rest of the cores busy. */
    OTHER_PROGRAMS("other programs"),
    /** The best trial has the most threads that were measured, and cores are idle. */
    NOTHING_YET("no limit reached"),
    /** Cores are idle, and more lanes do not use them. */
    SOMETHING_ELSE("another limit");

    private final String title;

    Limit(String title) {
      this.title = title;
    }

    /** Returns the name for people. */
    public String title() {
      return title;
    }
  }

  public Verdict {
    answer = List.copyOf(answer);
    reasons = List.copyOf(reasons);
  }

  /** Returns all sentences as a paragraph. */
  public String text() {
    return Stream.concat(answer.stream(), reasons.stream()).collect(Collectors.joining(" "));
  }
}
