/** Predicts frames: the {@code infer} job, its tasks and what they report. */
@NullMarked
package io.tandem.inference;

import org.jspecify.annotations.NullMarked;
