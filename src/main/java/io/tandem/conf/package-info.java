/** The settings: their tree, their sources, and the errors in them. */
@NullMarked
package io.tandem.conf;

import org.jspecify.annotations.NullMarked;
