/**
 * Finds a job's frames, images and those of videos, in a folder or a manifest, and divides them
 * among tasks.
 */
@NullMarked
package io.tandem.source;

import org.jspecify.annotations.NullMarked;
