package io.tandem.trial;

/**
 * The rules of a benchmark, as {@code environment.json} keeps them: how often and how long a trial
 * is measured, and what makes its row invalid. Shares are of 1.
 *
 * @param variation coefficient of variation of throughput over the rounds
 * @param foreignLoad CPUs of the host that others kept busy
 * @param stolen CPUs of the host that the hypervisor gave to other machines
 * @param startSkewUs how far apart a trial's lanes may start, in microseconds
 * @param tie the least difference of probability between a frame's first and second label
 */
public record Rules(
    Stopping stopping,
    double minSeconds,
    int minFrames,
    double variation,
    double garbageCollection,
    double foreignLoad,
    double stolen,
    long startSkewUs,
    double tie,
    long seed) {}
