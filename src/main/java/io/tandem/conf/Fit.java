package io.tandem.conf;

/** How a frame is fitted to a model's input of another shape. */
public enum Fit {
  /** The largest part around the middle that has the model's proportions. */
  CROP,
  /** The whole frame, its proportions given up. */
  STRETCH,
  /** The whole frame in its proportions, black bars around it. */
  LETTERBOX
}
