/** Measures other implementations of the same work as extra trials of a benchmark. */
@NullMarked
package io.tandem.benchmark.external;

import org.jspecify.annotations.NullMarked;
