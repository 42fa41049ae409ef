package io.tandem.spark;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.util.ShutdownHookManager;

/**
 * Ctrl-C, or a request to end: until it is closed, the JVM waits with ending, and with stopping
 * Spark, so that what is measured already can be summarised.
 */
public final class Interruption implements AutoCloseable {
  /** Before Spark, which stops its context at 50 within its own hook of 40. */
  private static final int PRIORITY = 100;

  private static final int PATIENCE_MINUTES = 10;

  /** The time for output after the end, in milliseconds: the JVM exits once this hook returns. */
  private static final int LAST_WORDS_MILLIS = 500;

  private final CountDownLatch over = new CountDownLatch(1);
  private final Runnable hook = this::hold;
  private final Progress progress;
  private volatile boolean asked;

  private Interruption(Progress progress) {
    this.progress = progress;
  }

  /** Starts to watch for a request to end. */
  public static Interruption watch(Progress progress) {
    Interruption interruption = new Interruption(progress);
    ShutdownHookManager.get()
        .addShutdownHook(interruption.hook, PRIORITY, PATIENCE_MINUTES, TimeUnit.MINUTES);
    return interruption;
  }

  private void hold() {
    asked = true;
    progress.say("stopping after the current trial; a summary of the trials so far follows");
    try {
      over.await();
      Thread.sleep(LAST_WORDS_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Returns whether an end was requested. */
  public boolean isAsked() {
    return asked;
  }

  @Override
  public void close() {
    over.countDown();
    if (!ShutdownHookManager.get().isShutdownInProgress()) {
      ShutdownHookManager.get().removeShutdownHook(hook);
    }
  }
}
