package io.tandem.lane;

import io.tandem.source.Frame;

/** A frame to process, and the number of the pass over the list. */
public record DueFrame(Frame frame, int pass) {}
