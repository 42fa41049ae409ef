/** Sleeps instead of running a model, for calibration. */
@NullMarked
package io.tandem.engine.synthetic;

import org.jspecify.annotations.NullMarked;
