package io.tandem.telemetry;

import java.util.List;

/** The GPUs that Spark gave to this executor, all of them: a task knows of its own only. */
public final class ExecutorGpus {
  private static volatile List<String> granted = List.of();

  private ExecutorGpus() {}

  static void grant(List<String> addresses) {
    granted = List.copyOf(addresses);
  }

  /** Their addresses; empty where there are none, or the plugin is not switched on. */
  public static List<String> granted() {
    return granted;
  }
}
