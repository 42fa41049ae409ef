package io.tandem.summary;

/**
 * Percentiles of the forward phase of one trial, in microseconds, over {@code forwards} batches of
 * all rounds; between two observations they are interpolated linearly (Hyndman and Fan's type 7).
 */
public record ForwardLatency(
    String trial, long forwards, double p50, double p90, double p95, double p99) {}
