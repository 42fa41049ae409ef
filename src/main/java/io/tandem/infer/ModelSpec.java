package io.tandem.infer;

import java.io.Serializable;
import java.util.List;

/**
 * One export of a model: where its file is, what goes in and comes out, and its fingerprint, the
 * SHA-256 of its files. Mean and deviation are of R, G and B, on a scale of 0 to 1.
 */
public record ModelSpec(
    String folder,
    String file,
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

  /** The label of a class; its number where the synset is shorter. */
  public String label(long index) {
    return index < labels.size() ? labels.get((int) index) : "class " + index;
  }
}
