package io.tandem.frame;

/** A frame that is due, and in which pass of the list. */
public record DueFrame(FrameFile frame, int pass) {}
