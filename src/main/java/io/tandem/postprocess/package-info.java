/**
 * Converts output tensors to typed results, one class per task type. Uses no third-party library.
 */
@NullMarked
package io.tandem.postprocess;

import org.jspecify.annotations.NullMarked;
