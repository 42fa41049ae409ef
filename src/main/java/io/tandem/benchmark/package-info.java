/**
 * Measures trials against each other: rounds of barrier stages, ceilings, calibration and tuning.
 */
@NullMarked
package io.tandem.benchmark;

import org.jspecify.annotations.NullMarked;
