package io.tandem.telemetry;

import com.codahale.metrics.Counter;
import com.codahale.metrics.Histogram;
import com.codahale.metrics.MetricRegistry;

/**
 * What this executor's lanes have done, in Spark's own metrics system: counters of frames and
 * failures, the lanes that are busy, and a histogram of each phase in microseconds. Where the
 * plugin is not switched on they count for nobody.
 */
public final class LaneMetrics {
  private static volatile LaneMetrics current = new LaneMetrics(new MetricRegistry());

  private final Counter frames;
  private final Counter failures;
  private final Counter lanesBusy;
  private final Histogram read;
  private final Histogram decode;
  private final Histogram wait;
  private final Histogram forward;
  private final Histogram output;

  private LaneMetrics(MetricRegistry registry) {
    frames = registry.counter("frames");
    failures = registry.counter("failures");
    lanesBusy = registry.counter("lanes_busy");
    read = registry.histogram("read_us");
    decode = registry.histogram("decode_us");
    wait = registry.histogram("wait_us");
    forward = registry.histogram("forward_us");
    output = registry.histogram("output_us");
  }

  static void register(MetricRegistry registry) {
    current = new LaneMetrics(registry);
  }

  public static LaneMetrics ofThisExecutor() {
    return current;
  }

  /** How many frames this executor's lanes have done so far. */
  public long frames() {
    return frames.getCount();
  }

  public void laneOpened() {
    lanesBusy.inc();
  }

  public void laneClosed() {
    lanesBusy.dec();
  }

  public void failed() {
    frames.inc();
    failures.inc();
  }

  /** A frame that was predicted; durations in microseconds. */
  public void predicted(long readUs, long decodeUs, long waitUs) {
    frames.inc();
    read.update(readUs);
    decode.update(decodeUs);
    wait.update(waitUs);
  }

  /** A batch of them; durations in microseconds. */
  public void batch(long forwardUs, long outputUs) {
    forward.update(forwardUs);
    output.update(outputUs);
  }
}
