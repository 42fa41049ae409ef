package io.tandem.infer;

/**
 * The best classes of each frame of a batch, best first: {@code classes} and {@code probabilities}
 * are [frames * k], row by row.
 */
@SuppressWarnings("ArrayRecordComponent") // Copied straight from the engine, and never compared.
public record Scores(long[] classes, float[] probabilities, int k) {}
