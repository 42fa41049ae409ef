package io.tandem.spark;

import io.tandem.timing.DaemonThreads;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Work that is started ahead of when its result is needed, on threads of its own. */
public final class Ahead implements AutoCloseable {
  private final ExecutorService threads =
      Executors.newCachedThreadPool(DaemonThreads.named("tandem-ahead"));

  /** A result to come. */
  public interface Result<T> {
    /** Waits for it; throws what the work threw. */
    T get();
  }

  public <T> Result<T> start(Callable<T> work) {
    Future<T> future = threads.submit(work);
    return () -> result(future);
  }

  private static <T> T result(Future<T> future) {
    try {
      return future.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while work that was begun is waited for", e);
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

  /** Lets work that nobody waits for come to its end: it may be loading a library. */
  @Override
  public void close() {
    threads.shutdown();
  }
}
