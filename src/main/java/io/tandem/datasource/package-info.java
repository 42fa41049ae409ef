/** Gives Spark's own readers the predictions of frames, as the data source {@code tandem}. */
@NullMarked
package io.tandem.datasource;

import org.jspecify.annotations.NullMarked;
