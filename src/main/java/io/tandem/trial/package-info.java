/** What a benchmark measures, and in which order. Plain values: neither Spark nor DJL. */
@NullMarked
package io.tandem.trial;

import org.jspecify.annotations.NullMarked;
