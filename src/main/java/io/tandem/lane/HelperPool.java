package io.tandem.lane;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Helper threads of one lane, numbered from 1. Each creates its own tool when it starts and closes
 * it when it ends.
 */
final class HelperPool<T extends AutoCloseable> implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 2;

  private final ThreadPoolExecutor threads;
  private final List<Helper> helpers = new ArrayList<>();
  private final Supplier<T> tools;
  private final String name;

  HelperPool(String name, int size, Supplier<T> tools) {
    this.name = name;
    this.tools = tools;
    this.threads =
        new ThreadPoolExecutor(
            size, size, 1, TimeUnit.MINUTES, new LinkedBlockingQueue<>(), this::newHelper);
  }

  /** The work that a helper does with its tool. */
  interface Work<T> {
    void with(T tool, int thread);
  }

  Future<?> submit(Work<T> work) {
    return threads.submit(
        () -> {
          @SuppressWarnings("unchecked") // This pool makes no other threads.
          Helper helper = (Helper) Thread.currentThread();
          work.with(helper.tool, helper.number);
        });
  }

  /** Adds a thread to replace one that hangs. */
  void replaceOne() {
    threads.setMaximumPoolSize(threads.getMaximumPoolSize() + 1);
    threads.setCorePoolSize(threads.getCorePoolSize() + 1);
  }

  /**
   * Returns the CPU time of all helpers so far, in microseconds, including helpers that have ended.
   */
  long cpuMicros() {
    synchronized (helpers) {
      return helpers.stream().mapToLong(Helper::cpuMicros).sum();
    }
  }

  private Thread newHelper(Runnable loop) {
    synchronized (helpers) {
      Helper helper = new Helper(loop, helpers.size() + 1);
      helpers.add(helper);
      return helper;
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
    try {
      // A helper that hangs in a file system is left behind: a daemon, without buffers.
      var unused = threads.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS);
      synchronized (helpers) {
        for (Helper helper : helpers) {
          helper.join(1);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private final class Helper extends Thread {
    private final int number;
    private final T tool;
    private volatile long cpuMicrosAtEnd;

    Helper(Runnable loop, int number) {
      super(loop, name + "-" + number);
      this.number = number;
      this.tool = tools.get();
      setDaemon(true);
    }

    @Override
    public void run() {
      try {
        super.run();
      } finally {
        cpuMicrosAtEnd = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() / 1_000;
        closeTool();
      }
    }

    private void closeTool() {
      try {
        tool.close();
      } catch (Exception e) {
        throw new IllegalStateException("a thread of the lane does not stop", e);
      }
    }

    long cpuMicros() {
      long now = isAlive() ? ManagementFactory.getThreadMXBean().getThreadCpuTime(threadId()) : -1;
      return now < 0 ? cpuMicrosAtEnd : now / 1_000;
    }

    @SuppressWarnings("deprecation") // Its successor, threadId(), is not in Java 17.
    private long threadId() {
      return getId();
    }
  }
}
