/** Models and predictions: from a model's folder to labels with probabilities. Holds DJL. */
@NullMarked
package io.tandem.infer;

import org.jspecify.annotations.NullMarked;
