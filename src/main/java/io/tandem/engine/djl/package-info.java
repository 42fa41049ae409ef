/** Predicts batches by DJL; shared by the engines that it has. */
@NullMarked
package io.tandem.engine.djl;

import org.jspecify.annotations.NullMarked;
