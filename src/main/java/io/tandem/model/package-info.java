/** Reads a model: its folder, its files on this host, and what goes in and comes out. */
@NullMarked
package io.tandem.model;

import org.jspecify.annotations.NullMarked;
