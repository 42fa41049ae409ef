package io.tandem.lane;

import io.tandem.source.Frame;

/** A frame that is due, and in which pass of the list. */
public record DueFrame(Frame frame, int pass) {}
