/**
 * What a run has committed, in other forms: files of other formats, and tables of a catalog. Its
 * rows are read back, and are never predicted again.
 */
@NullMarked
package io.tandem.sink;

import org.jspecify.annotations.NullMarked;
