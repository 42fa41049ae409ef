package io.tandem.telemetry;

import java.util.List;

/**
 * Holds all GPUs that Spark assigned to this executor; a task's context lists only the task's own.
 */
public final class ExecutorGpus {
  private static volatile List<String> granted = List.of();

  private ExecutorGpus() {}

  static void grant(List<String> addresses) {
    granted = List.copyOf(addresses);
  }

  /** Returns the GPU addresses; empty if there are none or the plugin is not enabled. */
  public static List<String> granted() {
    return granted;
  }
}
