package io.tandem;

import io.tandem.timing.DaemonThreads;
import java.io.PrintStream;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.PreInterruptCallback;
import org.junit.jupiter.api.extension.PreInterruptContext;

/**
 * Shows where the threads are when a test exceeds its time. JUnit then interrupts the test; one
 * that does not end by that, such as one that waits for a lock or for a class, ends its JVM here,
 * and Maven names it as crashed: without this it would end the build's whole time.
 */
public final class Watchdog implements PreInterruptCallback {
  private static final long SECONDS_TO_END = 60;

  /** A command that runs in this JVM replaces {@link System#out} meanwhile. */
  private static final PrintStream OUT = System.out;

  @Override
  public void beforeThreadInterrupt(PreInterruptContext interrupted, ExtensionContext test)
      throws Exception {
    OUT.printf(
        "%s.%s exceeds its time; unless an interrupt ends it, its JVM ends in %d s. Its threads:%n",
        test.getRequiredTestClass().getName(), test.getDisplayName(), SECONDS_TO_END);
    OUT.println(Hung.threads(ProcessHandle.current()));
    ScheduledExecutorService timer =
        Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("watchdog"));
    var unused = timer.schedule(Watchdog::halt, SECONDS_TO_END, TimeUnit.SECONDS);
    AutoCloseable whenItEnds = timer::shutdownNow;
    test.getStore(ExtensionContext.Namespace.create(Watchdog.class)).put(test, whenItEnds);
  }

  private static void halt() {
    ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
    Runtime.getRuntime().halt(1);
  }
}
