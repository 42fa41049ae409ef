package io.tandem.engine;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;

/** The engines of one JVM. An engine is started once, and again only for compatible options. */
public final class Engines {
  private final Map<String, EngineProvider> providers = new HashMap<>();
  private final Map<String, Started> started = new HashMap<>();

  private record Started(Engine engine, EngineOptions options) {}

  /** Loads the providers of the engines on the class path. */
  public Engines() {
    ServiceLoader.load(EngineProvider.class, Engines.class.getClassLoader())
        .forEach(provider -> providers.put(provider.name(), provider));
  }

  /**
   * Returns the engine of this name, and starts it if necessary.
   *
   * @throws EngineOptionsException if there is no such engine, or if it runs with conflicting
   *     options
   */
  public synchronized Engine start(String name, EngineOptions options) {
    EngineProvider provider = providers.get(name);
    if (provider == null) {
      List<String> known = new ArrayList<>(providers.keySet());
      known.sort(null);
      throw new EngineOptionsException(
          "no engine %s; a model's engine is one of %s".formatted(name, String.join(", ", known)));
    }
    Started before = started.get(name);
    if (before != null && before.options().equals(options)) {
      return before.engine();
    }
    String conflict = before == null ? null : provider.conflict(before.options(), options);
    if (conflict != null) {
      throw new EngineOptionsException(conflict);
    }
    Engine engine = provider.start(options);
    started.put(name, new Started(engine, options));
    return engine;
  }
}
