/** Measures DJL's Spark extension; only in builds with the profile djl-spark. */
@NullMarked
package io.tandem.benchmark.external.djlspark;

import org.jspecify.annotations.NullMarked;
