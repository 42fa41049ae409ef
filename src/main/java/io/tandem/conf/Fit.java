package io.tandem.conf;

/** How a frame meets a model's input of another shape. */
public enum Fit {
  /** As the model's properties say; the middle part if they do not. */
  MODEL,
  /** The largest part around the middle that has the model's proportions. */
  CROP,
  /** The whole frame, its proportions given up. */
  STRETCH,
  /** The whole frame in its proportions, bars around it. */
  LETTERBOX,
  /** The whole frame in its own size. */
  NONE
}
