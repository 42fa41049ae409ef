/** Frames on their way from a file system to pixels: listed, read, decoded. */
@NullMarked
package io.tandem.frame;

import org.jspecify.annotations.NullMarked;
