/**
 * Starts the real processes for the tests, breaks them on purpose, and counts what a client saw.
 *
 * <p>Nothing here knows the planes' classes: environment, files, signals, HTTP.
 */
@NullMarked
package io.tollgate.e2e.harness;

import org.jspecify.annotations.NullMarked;
