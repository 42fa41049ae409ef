/** Writes counts, tables, CSV and JSON. */
@NullMarked
package io.tandem.text;

import org.jspecify.annotations.NullMarked;
