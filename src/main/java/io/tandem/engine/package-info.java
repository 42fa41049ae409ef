/** Defines the engine interfaces: batch pixels to output tensors. Subpackages implement them. */
@NullMarked
package io.tandem.engine;

import org.jspecify.annotations.NullMarked;
