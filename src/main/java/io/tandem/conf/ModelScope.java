package io.tandem.conf;

/** The scope in which a loaded model is shared. */
public enum ModelScope {
  /** All lanes of an executor on one device. */
  EXECUTOR,
  /** One task: loaded before its first frame, closed after its last. */
  TASK,
  /** Not shared: reloaded for each batch, within the measured time. */
  PREDICTION
}
