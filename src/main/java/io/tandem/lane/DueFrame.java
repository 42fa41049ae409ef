package io.tandem.lane;

import io.tandem.source.FrameFile;

/** A frame that is due, and in which pass of the list. */
public record DueFrame(FrameFile frame, int pass) {}
