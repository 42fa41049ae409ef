package io.tandem.lane;

import io.tandem.engine.LoadedModel;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The models that the lanes of one JVM share. A model stays loaded between the tasks of a job; one
 * that no lane has used for a while is closed when another is loaded.
 */
final class Models {
  private final Map<Object, Shared> models = new HashMap<>();
  private final Duration idle;
  private final LongSupplier nanoTime;

  /**
   * @param idle how long a model that no lane uses stays
   * @param nanoTime the clock
   */
  Models(Duration idle, LongSupplier nanoTime) {
    this.idle = idle;
    this.nanoTime = nanoTime;
  }

  /** A model with the number of lanes that use it. */
  private static final class Shared {
    private final LoadedModel model;
    private int users;
    private long unusedSince;

    Shared(LoadedModel model) {
      this.model = model;
    }
  }

  /** A lane's use of a model, until it is closed. */
  interface Use extends AutoCloseable {
    LoadedModel model();

    @Override
    void close();
  }

  /** Returns the model of this key, loaded if no lane has it yet. */
  synchronized Use use(Object key, Supplier<LoadedModel> load) {
    Shared shared = models.get(key);
    if (shared == null) {
      evictIdle();
      shared = new Shared(load.get());
      models.put(key, shared);
    }
    Shared used = shared;
    used.users++;
    return new Use() {
      private boolean closed;

      @Override
      public LoadedModel model() {
        return used.model;
      }

      @Override
      public void close() {
        if (!closed) {
          closed = true;
          release(used);
        }
      }
    };
  }

  private synchronized void release(Shared shared) {
    shared.users--;
    shared.unusedSince = nanoTime.getAsLong();
  }

  private void evictIdle() {
    for (Iterator<Shared> all = models.values().iterator(); all.hasNext(); ) {
      Shared shared = all.next();
      if (shared.users == 0 && nanoTime.getAsLong() - shared.unusedSince >= idle.toNanos()) {
        all.remove();
        shared.model.close();
      }
    }
  }

  /** Returns how many models are loaded. */
  synchronized int loaded() {
    return models.size();
  }
}
