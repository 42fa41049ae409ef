/**
 * Writes and reads the output of a run: its folder, its tables, its pictures and videos, and the
 * queries over them.
 */
@NullMarked
package io.tandem.run;

import org.jspecify.annotations.NullMarked;
