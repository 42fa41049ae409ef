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

  private static final int AGAIN_MILLIS = 200;

  /** The time for output after the end, in milliseconds: the JVM exits once this hook returns. */
  private static final int LAST_WORDS_MILLIS = 500;

  private static final String OF_TRIALS =
      "stopping after the current trial; a summary of the trials so far follows";

  private final CountDownLatch over = new CountDownLatch(1);
  private final Runnable hook = this::hold;
  private final Progress progress;
  private final String announcement;
  private final Runnable whenAsked;
  private volatile boolean asked;

  private Interruption(Progress progress, String announcement, Runnable whenAsked) {
    this.progress = progress;
    this.announcement = announcement;
    this.whenAsked = whenAsked;
  }

  /** Starts to watch for a request to end of a benchmark, which ends after its trial. */
  public static Interruption ofTrials(Progress progress) {
    return watch(progress, OF_TRIALS, () -> {});
  }

  /**
   * Returns a benchmark's interruption that only {@link #request} asks for. The end of this JVM,
   * which belongs to another program, does not wait for it.
   */
  public static Interruption byRequest(Progress progress) {
    return new Interruption(progress, OF_TRIALS, () -> {});
  }

  /** Requests the end. */
  public synchronized void request() {
    if (!asked) {
      asked = true;
      progress.say(announcement);
    }
  }

  /**
   * Starts to watch for a request to end.
   *
   * @param announcement what to say at once
   * @param whenAsked makes the work end soon; called until it has ended
   */
  public static Interruption watch(Progress progress, String announcement, Runnable whenAsked) {
    Interruption interruption = new Interruption(progress, announcement, whenAsked);
    ShutdownHookManager.get()
        .addShutdownHook(interruption.hook, PRIORITY, PATIENCE_MINUTES, TimeUnit.MINUTES);
    return interruption;
  }

  private void hold() {
    asked = true;
    progress.say(announcement);
    try {
      do { // Again and again: what it ends may just be about to start.
        whenAsked.run();
      } while (!over.await(AGAIN_MILLIS, TimeUnit.MILLISECONDS));
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
