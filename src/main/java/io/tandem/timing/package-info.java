/** Clocks and timings of frames and lanes. Independent of frame contents and models. */
@NullMarked
package io.tandem.timing;

import org.jspecify.annotations.NullMarked;
