/** Defines what an engine is: pixels of a batch to output tensors. Engines are its subpackages. */
@NullMarked
package io.tandem.engine;

import org.jspecify.annotations.NullMarked;
