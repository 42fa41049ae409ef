/** Decodes encoded bytes to pixels of one size. Holds FFmpeg and libjpeg-turbo. */
@NullMarked
package io.tandem.frame;

import org.jspecify.annotations.NullMarked;
