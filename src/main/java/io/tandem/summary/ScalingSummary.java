package io.tandem.summary;

import io.tandem.trial.Interval;
import org.jspecify.annotations.Nullable;

/**
 * How the trials of one series, which differ in their concurrency only, scale: a row of {@code
 * scaling.csv}. Where there are too few levels all is null but the note.
 *
 * @param series the trials' id with N for the lanes, such as {@code cpu-Nx1-b4-fp32-executor}
 * @param levels how many concurrencies, up to the cores
 * @param bestConcurrency from where more lanes make all slower; infinite where kappa is 0
 * @param note "Universal Scalability Law", "Amdahl's law (kappa = 0)", or why there is no fit
 */
public record ScalingSummary(
    String series,
    int levels,
    @Nullable Scalability fit,
    @Nullable Interval sigma,
    @Nullable Interval kappa,
    @Nullable Double bestConcurrency,
    @Nullable Interval bestConcurrencyInterval,
    String note) {}
