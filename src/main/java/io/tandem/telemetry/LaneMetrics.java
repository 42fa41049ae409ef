package io.tandem.telemetry;

import com.codahale.metrics.Counter;
import com.codahale.metrics.Histogram;
import com.codahale.metrics.MetricRegistry;

/**
 * Publishes the lanes' progress on this executor to Spark's metrics system: counters of frames and
 * failures, the number of busy lanes, and a histogram of each phase in microseconds.
 */
public final class LaneMetrics {
  private final Counter frames;
  private final Counter failures;
  private final Counter lanesBusy;
  private final Histogram read;
  private final Histogram decode;
  private final Histogram wait;
  private final Histogram forward;
  private final Histogram output;

  /** Creates the metrics, and registers them. */
  LaneMetrics(MetricRegistry registry) {
    frames = registry.counter("frames");
    failures = registry.counter("failures");
    lanesBusy = registry.counter("lanes_busy");
    read = registry.histogram("read_us");
    decode = registry.histogram("decode_us");
    wait = registry.histogram("wait_us");
    forward = registry.histogram("forward_us");
    output = registry.histogram("output_us");
  }

  /**
   * Returns the number of frames that this executor's lanes have processed, failed ones included.
   */
  public long frames() {
    return frames.getCount();
  }

  /** Returns the number of lanes of this executor that are open. */
  public long lanes() {
    return lanesBusy.getCount();
  }

  /** Counts a lane as busy. */
  public void laneOpened() {
    lanesBusy.inc();
  }

  /** Counts a lane as no longer busy. */
  public void laneClosed() {
    lanesBusy.dec();
  }

  /** Counts a failed frame. */
  public void failed() {
    frames.inc();
    failures.inc();
  }

  /** Counts a predicted frame; durations are in microseconds. */
  public void predicted(long readUs, long decodeUs, long waitUs) {
    frames.inc();
    read.update(readUs);
    decode.update(decodeUs);
    wait.update(waitUs);
  }

  /** Records a batch; durations are in microseconds. */
  public void batch(long forwardUs, long outputUs) {
    forward.update(forwardUs);
    output.update(outputUs);
  }
}
