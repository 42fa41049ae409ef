/** A summary as people and programs read it: console, CSV, JSON. */
@NullMarked
package io.tandem.report;

import org.jspecify.annotations.NullMarked;
