package io.tandem.inference;

import io.tandem.text.Words;

/**
 * How far a run has come.
 *
 * @param committed the number of frames that have a row
 * @param total the number of all its frames
 */
record InferProgress(long committed, long total) {

  /** Returns the progress after more frames were committed. */
  InferProgress with(int more) {
    return new InferProgress(committed + more, total);
  }

  /** Returns what resuming the run would do. */
  String rest() {
    return committed < total ? "predicts the others" : "does what is left";
  }

  /** Returns a phrase like "200 of 300 frames are committed". */
  String phrase() {
    return "%,d of %s are committed".formatted(committed, Words.count(total, "frame"));
  }
}
