/** Arithmetic on what was measured: plain records in, plain records out. */
@NullMarked
package io.tandem.summary;

import org.jspecify.annotations.NullMarked;
