package io.tandem.conf;

/** Who shares one loaded model. */
public enum ModelScope {
  /** All lanes of an executor on one device. */
  EXECUTOR,
  /** One task: loaded before its first frame, closed after its last. */
  TASK,
  /** Nobody: loaded anew for each batch, inside the time that is measured. */
  PREDICTION
}
