/** Turns output tensors into typed results: a class for each task type. No foreign library. */
@NullMarked
package io.tandem.postprocess;

import org.jspecify.annotations.NullMarked;
