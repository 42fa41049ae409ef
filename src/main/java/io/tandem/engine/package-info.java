/** Runs models: pixels to output tensors. Holds DJL. */
@NullMarked
package io.tandem.engine;

import org.jspecify.annotations.NullMarked;
