package io.tandem.telemetry;

import com.codahale.metrics.MetricRegistry;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The state that the plugin keeps in this JVM, because Spark creates both sides of a plugin and
 * hands them to nobody. In local mode the driver and its executor share it.
 */
public final class TelemetryState {
  private static final TelemetryState THIS_JVM = new TelemetryState();

  private final Set<Sampler> samplers = ConcurrentHashMap.newKeySet();
  private volatile LaneMetrics metrics = new LaneMetrics(new MetricRegistry());
  private volatile List<String> gpus = List.of();
  private volatile @Nullable ExecutorClock clock;
  private volatile @Nullable DriverTelemetry driver;

  private TelemetryState() {}

  /** Returns the state of this JVM. */
  public static TelemetryState ofThisJvm() {
    return THIS_JVM;
  }

  /** Returns the metrics of this executor. Without the plugin they are counted, not published. */
  public LaneMetrics metrics() {
    return metrics;
  }

  /**
   * Returns the addresses of all GPUs that Spark assigned to this executor, where a task's context
   * lists only the task's own; empty if there are none or the plugin is not enabled.
   */
  public List<String> gpus() {
    return gpus;
  }

  /**
   * Returns the offset of this JVM's clock from the driver's; null if it is not known yet or the
   * plugin is not enabled.
   *
   * @param executor the executor id of this JVM
   */
  public @Nullable ClockOffset clockOffset(String executor) {
    if (ExecutorClock.isDrivers(executor)) {
      return ClockOffset.NONE;
    }
    ExecutorClock known = clock;
    return known == null ? null : known.offset();
  }

  /** Returns the driver's side of the plugin; null if it is not enabled or this is no driver. */
  @Nullable DriverTelemetry driver() {
    return driver;
  }

  /** Returns the samplers that run. */
  Set<Sampler> samplers() {
    return samplers;
  }

  void setMetrics(LaneMetrics metrics) {
    this.metrics = metrics;
  }

  void setGpus(List<String> addresses) {
    this.gpus = List.copyOf(addresses);
  }

  synchronized void setClock(ExecutorClock started) {
    clock = started;
  }

  /** Forgets a clock, unless another one has replaced it. */
  synchronized void remove(ExecutorClock stopped) {
    if (clock == stopped) {
      clock = null;
    }
  }

  synchronized void setDriver(DriverTelemetry started) {
    driver = started;
  }

  /** Forgets the driver's side, unless another one has replaced it. */
  synchronized void remove(DriverTelemetry stopped) {
    if (driver == stopped) {
      driver = null;
    }
  }
}
