/**
 * Writes and reads what a run leaves: its folder, each column named once, and the queries on them.
 */
@NullMarked
package io.tandem.run;

import org.jspecify.annotations.NullMarked;
