package io.tandem.lane;

import io.tandem.engine.LoadedModel;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

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

  /** A model with the number of lanes that use it. Loading it keeps no other model waiting. */
  private static final class Shared {
    private @Nullable LoadedModel model;
    private int users;
    private long unusedSince;

    synchronized LoadedModel loaded(Supplier<LoadedModel> load) {
      if (model == null) {
        model = load.get();
      }
      return model;
    }

    synchronized void close() {
      if (model != null) {
        model.close();
      }
    }
  }

  /** A lane's use of a model, until it is closed. */
  interface Use extends AutoCloseable {
    LoadedModel model();

    @Override
    void close();
  }

  /** Returns the model of this key, loaded if no lane has loaded it yet. */
  Use use(Object key, Supplier<LoadedModel> load) {
    Shared shared = reserve(key);
    try {
      return new SharedUse(shared, shared.loaded(load));
    } catch (RuntimeException | Error e) {
      release(shared);
      throw e;
    }
  }

  private synchronized Shared reserve(Object key) {
    Shared shared = models.get(key);
    if (shared == null) {
      evictIdle();
      shared = new Shared();
      models.put(key, shared);
    }
    shared.users++;
    return shared;
  }

  private synchronized void release(Shared shared) {
    shared.users--;
    shared.unusedSince = nanoTime.getAsLong();
  }

  /** Releases its model once, however often it is closed. */
  private final class SharedUse implements Use {
    private final Shared shared;
    private final LoadedModel model;
    private boolean closed;

    SharedUse(Shared shared, LoadedModel model) {
      this.shared = shared;
      this.model = model;
    }

    @Override
    public LoadedModel model() {
      return model;
    }

    @Override
    public void close() {
      if (!closed) {
        closed = true;
        release(shared);
      }
    }
  }

  private void evictIdle() {
    for (Iterator<Shared> all = models.values().iterator(); all.hasNext(); ) {
      Shared shared = all.next();
      if (shared.users == 0 && nanoTime.getAsLong() - shared.unusedSince >= idle.toNanos()) {
        all.remove();
        shared.close();
      }
    }
  }

  /** Returns how many models are loaded. */
  synchronized int loaded() {
    return models.size();
  }
}
