package io.tandem.quarantine;

/** What is known of a frame. */
enum Standing {
  /** Nothing: it is predicted together with others. */
  CLEAR,
  /** A process ended while this frame, among others, was in work: it is predicted alone. */
  SUSPECT,
  /** A process ended while it predicted this frame alone: it gets a row with an error. */
  QUARANTINED
}
