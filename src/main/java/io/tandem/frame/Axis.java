package io.tandem.frame;

/**
 * A linear map from the model's input to one axis of a picture: {@code offset + scale * position}.
 */
record Axis(double scale, double offset) {
  /** Returns the map of the scaled picture to the decoded one, whose middle part was kept. */
  static Axis of(int decoded, int kept, int scaled) {
    return new Axis(kept / (double) scaled, (decoded - kept) / 2.0);
  }

  /** Returns the map of a part of the scaled picture to the decoded one. */
  static Axis part(int decoded, int scaled, int first) {
    double scale = decoded / (double) scaled;
    return new Axis(scale, first * scale);
  }

  /** Returns the same for the shown picture, which may be mirrored and begins at a margin. */
  Axis shown(boolean mirrored, int scaled, int margin) {
    return mirrored
        ? new Axis(-scale, offset + scale * (scaled + margin))
        : new Axis(scale, offset - scale * margin);
  }

  /** Returns the same for a picture that is larger by this factor. */
  Axis times(int factor) {
    return new Axis(factor * scale, factor * offset);
  }
}
