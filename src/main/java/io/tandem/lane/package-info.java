/** Works as one lane: one predictor in one Spark task, fed with decoded frames, and its timings. */
@NullMarked
package io.tandem.lane;

import org.jspecify.annotations.NullMarked;
