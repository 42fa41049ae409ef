package io.tandem.postprocess;

/** Which frames' results a benchmark keeps, by how large they are. */
public enum Recording {
  /** Those of all passes and rounds. */
  ALL,
  /** Those of the first pass of the first round. */
  FIRST_PASS,
  /** Those of some frames, spread evenly over the first pass of the first round. */
  SAMPLE
}
