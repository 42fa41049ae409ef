/** Trials of a benchmark, their order and the stopping rule. Plain values without Spark or DJL. */
@NullMarked
package io.tandem.trial;

import org.jspecify.annotations.NullMarked;
