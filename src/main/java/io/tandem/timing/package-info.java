/**
 * Clocks and what they showed: of a frame, of a lane. Knows nothing of frames' contents or models.
 */
@NullMarked
package io.tandem.timing;

import org.jspecify.annotations.NullMarked;
