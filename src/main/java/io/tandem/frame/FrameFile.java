package io.tandem.frame;

import java.io.Serializable;

/**
 * One frame of the list: where it is, how many bytes it has, when it was changed (epoch
 * milliseconds), and its place in the list.
 */
public record FrameFile(String path, long length, long modifiedAtMillis, int index)
    implements Serializable {}
