/** DJL's own Spark extension, beside ours; only in builds with the profile djl-spark. */
@NullMarked
package io.tandem.job.djlspark;

import org.jspecify.annotations.NullMarked;
