package io.tandem.spark;

import io.tandem.timing.DaemonThreads;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Starts work before its result is needed, on its own threads. */
public final class Ahead implements AutoCloseable {
  private static final long LONGEST_WAIT_SECONDS = 10;

  private final ExecutorService threads =
      Executors.newCachedThreadPool(DaemonThreads.named("tandem-ahead"));

  /** A pending result. */
  public interface Result<T> {
    /** Waits for it; throws what the work threw. */
    T get();
  }

  /** Starts the work on its own thread. */
  public <T> Result<T> start(Callable<T> work) {
    Future<T> future = threads.submit(work);
    return () -> result(future);
  }

  private static <T> T result(Future<T> future) {
    try {
      return future.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for started work", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      if (e.getCause() instanceof Error cause) {
        throw cause;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  /**
   * Waits for unused work, but not long: the end of the process would crash a thread that runs
   * native code, such as that of a library being loaded.
   */
  @Override
  public void close() {
    threads.shutdown();
    try {
      var unused = threads.awaitTermination(LONGEST_WAIT_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
