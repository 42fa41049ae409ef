/**
 * What the user can set: the tree of settings, where it comes from, and how a mistake in it is
 * told.
 */
@NullMarked
package io.tandem.conf;

import org.jspecify.annotations.NullMarked;
