package io.tandem.summary;

import java.util.List;
import java.util.regex.Pattern;

/**
 * The places where a trial's lanes worked in one round.
 *
 * @param lanes their number on each executor and device, such as "0/gpu:0 × 2, 1/gpu:0 × 2"; a GPU
 *     that was assigned and not used is in brackets: "0/cpu(1) × 1"
 * @param cpus the names of the executors' processors, each once
 */
public record Placement(String lanes, List<String> cpus) {
  /** Matches lanes on this machine's CPU, in the driver's own process. */
  private static final Pattern HERE = Pattern.compile("driver/cpu × \\d+");

  public Placement {
    cpus = List.copyOf(cpus);
  }

  /** Returns whether all lanes worked in the driver's own process. */
  public boolean isHere() {
    return HERE.matcher(lanes).matches();
  }
}
