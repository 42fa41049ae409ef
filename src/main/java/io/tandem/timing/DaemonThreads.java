package io.tandem.timing;

import java.util.concurrent.ThreadFactory;

/** Makes threads that do not keep the JVM alive. */
public final class DaemonThreads {
  private DaemonThreads() {}

  /** Returns a factory of daemon threads of this name. */
  public static ThreadFactory named(String name) {
    return task -> {
      Thread thread = new Thread(task, name);
      thread.setDaemon(true);
      return thread;
    };
  }
}
