package io.tandem.lane;

import io.tandem.conf.Device;
import io.tandem.engine.Engine;
import io.tandem.engine.EngineOptions;
import io.tandem.engine.Engines;
import io.tandem.engine.LoadedModel;
import io.tandem.engine.SessionOptions;
import io.tandem.model.ModelFiles;
import io.tandem.model.ModelSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.apache.hadoop.conf.Configuration;

/**
 * The state that the lanes of one JVM share: engines, verified model files, loaded models, the lane
 * numbers in use, meetings of lanes that start together, and the trials that have run. In a driver,
 * what its executors have reported.
 */
public final class ExecutorState {
  private static final ExecutorState THIS_JVM =
      new ExecutorState(new Models(Duration.ofMinutes(5), System::nanoTime));

  private final Engines engines = new Engines();
  private final ModelFiles files = new ModelFiles();
  private final Models models;
  private final BitSet takenLanes = new BitSet();
  private final Map<String, CountDownLatch> meetings = new ConcurrentHashMap<>();
  private final Set<List<String>> warm = ConcurrentHashMap.newKeySet();

  private final Map<String, ExecutorHosts.Report> executorHosts = new ConcurrentHashMap<>();

  private ExecutorState(Models models) {
    this.models = models;
  }

  /** Returns the state of this JVM. */
  public static ExecutorState ofThisJvm() {
    return THIS_JVM;
  }

  /**
   * Starts an engine unless it runs already.
   *
   * @throws io.tandem.engine.EngineOptionsException if it runs with options that exclude these
   */
  public Engine engine(String name, EngineOptions options) {
    return engines.start(name, options);
  }

  /** Returns the lowest lane number that no lane of this JVM has. */
  public int takeLaneNumber() {
    synchronized (takenLanes) {
      int number = takenLanes.nextClearBit(0);
      takenLanes.set(number);
      return number;
    }
  }

  /** Gives a lane number back. */
  public void freeLaneNumber(int number) {
    synchronized (takenLanes) {
      takenLanes.clear(number);
    }
  }

  /**
   * Returns the latch at which some lanes of this JVM meet; the first to ask creates it.
   *
   * @param name identifies the meeting
   * @param lanes the number of lanes that meet
   */
  public CountDownLatch meeting(String name, int lanes) {
    return meetings.computeIfAbsent(name, unused -> new CountDownLatch(lanes));
  }

  /** Forgets a meeting; lanes that still wait keep their latch. */
  public void endMeeting(String name) {
    meetings.remove(name);
  }

  /** Returns whether a model has run here in a trial before. */
  public boolean isWarm(ModelSpec model, String trial) {
    return warm.contains(List.of(model.fingerprint(), trial));
  }

  /** Remembers that a model has run here in a trial. */
  public void hasRun(ModelSpec model, String trial) {
    warm.add(List.of(model.fingerprint(), trial));
  }

  /** Returns, in the driver, what each executor has reported of its host. */
  Map<String, ExecutorHosts.Report> executorHosts() {
    return executorHosts;
  }

  private record Key(
      String engine, EngineOptions options, String fingerprint, Device device, int threads) {}

  /** Returns the model that the lanes of this JVM share. */
  Models.Use share(
      ModelSpec spec,
      Device device,
      SessionOptions session,
      EngineOptions options,
      Configuration hadoop) {
    String name = spec.export().engine();
    Engine engine = engine(name, options);
    int threads = engine.bindsThreadsToModel() ? session.intraOpThreads() : 0;
    return models.use(
        new Key(name, options, spec.fingerprint(), device, threads),
        () -> load(spec, device, session, options, hadoop));
  }

  /** Loads a model for one user, who closes it. */
  LoadedModel load(
      ModelSpec spec,
      Device device,
      SessionOptions session,
      EngineOptions options,
      Configuration hadoop) {
    Path folder = spec.hasFile() ? files.local(spec, options.library(), hadoop) : Path.of("");
    return engine(spec.export().engine(), options).load(spec, folder, device, session);
  }
}
