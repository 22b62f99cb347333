/** The demo walk. */
@NullMarked
package io.tollgate.e2e.demo;

import org.jspecify.annotations.NullMarked;
