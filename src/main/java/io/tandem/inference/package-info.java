/**
 * Predicts frames, those that are there or those that arrive: the {@code infer} jobs, their tasks
 * and reports.
 */
@NullMarked
package io.tandem.inference;

import org.jspecify.annotations.NullMarked;
