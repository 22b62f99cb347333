/**
 * Everything that looks at the product from outside: the sample upstream ({@link io.tollgate.e2e.upstream}), the demo walk
 * ({@link io.tollgate.e2e.demo}) and, among the tests, the harness that starts the real processes.
 *
 * <p>Nothing here may reach into the planes: their only doors are HTTP, their environment and their files.
 */
@NullMarked
package io.tollgate.e2e;

import org.jspecify.annotations.NullMarked;
