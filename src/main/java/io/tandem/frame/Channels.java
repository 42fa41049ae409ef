package io.tandem.frame;

/** The channels of a frame's decoded pixels, in their order. */
public enum Channels {
  RGB(3),
  BGR(3),
  /** ITU-R BT.601 luma: 0.299 R + 0.587 G + 0.114 B. */
  GREY(1);

  private final int count;

  Channels(int count) {
    this.count = count;
  }

  /** Returns the number of channels. */
  public int count() {
    return count;
  }
}
