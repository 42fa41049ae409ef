/** Runs TorchScript models by DJL and libtorch. */
@NullMarked
package io.tandem.engine.pytorch;

import org.jspecify.annotations.NullMarked;
