/**
 * Decodes images and videos to pixels of one size, lists the frames of videos, and encodes pictures
 * and videos. Holds FFmpeg and libjpeg-turbo.
 */
@NullMarked
package io.tandem.frame;

import org.jspecify.annotations.NullMarked;
