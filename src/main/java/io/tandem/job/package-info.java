/**
 * The work as Spark does it: sessions, the functions that run in tasks, their rows, the queries.
 */
@NullMarked
package io.tandem.job;

import org.jspecify.annotations.NullMarked;
