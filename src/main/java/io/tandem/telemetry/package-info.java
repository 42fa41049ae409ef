/** What the hosts do while the lanes work. */
@NullMarked
package io.tandem.telemetry;

import org.jspecify.annotations.NullMarked;
