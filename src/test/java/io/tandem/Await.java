package io.tandem;

import static org.assertj.core.api.Assertions.assertThat;

/** Waits for what a process does. */
public final class Await {
  private static final int LONGEST_SECONDS = 120;

  private Await() {}

  /** What a test waits for. */
  public interface Condition {
    /** Returns whether it holds. */
    boolean holds() throws Exception;
  }

  /** Waits until a condition holds; fails if the process ends before, or after two minutes. */
  public static void until(Process process, Condition condition) throws Exception {
    boolean holds = condition.holds();
    for (int i = 0; i < LONGEST_SECONDS * 20 && !holds && process.isAlive(); i++) {
      Thread.sleep(50);
      holds = condition.holds();
    }
    assertThat(holds).isTrue();
  }
}
