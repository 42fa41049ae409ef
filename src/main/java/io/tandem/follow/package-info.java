/** Files that arrive in a folder, as a stream of Spark's Structured Streaming. */
@NullMarked
package io.tandem.follow;

import org.jspecify.annotations.NullMarked;
