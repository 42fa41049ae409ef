/** Sets up the Spark application: session, slots, GPU request, committers, progress. */
@NullMarked
package io.tandem.spark;

import org.jspecify.annotations.NullMarked;
