/** The commands: each reads as the pipeline that it runs. */
@NullMarked
package io.tandem.cli;

import org.jspecify.annotations.NullMarked;
