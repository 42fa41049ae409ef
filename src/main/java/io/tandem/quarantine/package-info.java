/**
 * Frames on which a native library ends its process: notices them, predicts suspects alone, and
 * sets aside those that end a second process.
 */
@NullMarked
package io.tandem.quarantine;

import org.jspecify.annotations.NullMarked;
