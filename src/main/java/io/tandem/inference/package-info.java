/** Predicts frames: the {@code infer} job, its tasks and their reports. */
@NullMarked
package io.tandem.inference;

import org.jspecify.annotations.NullMarked;
