/** Samples the hosts' state while the lanes run. */
@NullMarked
package io.tandem.telemetry;

import org.jspecify.annotations.NullMarked;
