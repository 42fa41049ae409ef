package io.tandem.model;

import io.tandem.conf.Export;
import io.tandem.engine.SleepingPredictor;
import java.io.Serializable;
import java.util.List;

/**
 * One export of a model: where its file is, that file's bytes and SHA-256, what goes in and comes
 * out, and its fingerprint, the SHA-256 of all its files. Mean and deviation are of R, G and B, on
 * a scale of 0 to 1.
 */
public record ModelSpec(
    String folder,
    String file,
    long length,
    String sha256,
    String precision,
    String fingerprint,
    InputContract input,
    int width,
    int height,
    List<Float> mean,
    List<Float> std,
    OutputContract output,
    List<String> labels)
    implements Serializable {

  public ModelSpec {
    mean = List.copyOf(mean);
    std = List.copyOf(std);
    labels = List.copyOf(labels);
  }

  /** What stands for a model where a {@link SleepingPredictor} takes its place. */
  public static ModelSpec synthetic() {
    return new ModelSpec(
        "synthetic",
        "none",
        0,
        "",
        "sleep",
        "synthetic",
        InputContract.UINT8_NHWC,
        32,
        32,
        List.of(),
        List.of(),
        OutputContract.PROBABILITIES,
        List.of("asleep"));
  }

  /** Returns which export of the model it is. */
  public Export export() {
    String engine = fingerprint.equals("synthetic") ? "synthetic" : "pytorch";
    return new Export(precision, engine, precision);
  }

  /** Whether the driver's JVM alone loads it: then {@code sha256} is empty. */
  boolean isForThisJvm() {
    return sha256.isEmpty();
  }

  /** The label of a class; its number where the synset is shorter. */
  public String label(long index) {
    return index < labels.size() ? labels.get((int) index) : "class " + index;
  }
}
