/**
 * The demo walk: a person's first quarter of an hour with the product, each step as a curl line and as the same request, sent and
 * checked. Entry class {@link io.tollgate.e2e.demo.Demo}; one thread.
 */
@NullMarked
package io.tollgate.e2e.demo;

import org.jspecify.annotations.NullMarked;
