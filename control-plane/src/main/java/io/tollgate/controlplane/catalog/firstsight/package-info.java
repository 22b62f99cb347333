/**
 * Consumers that are made when nodes meet them first: of subjects of token issuers that say so. Enter at {@code NewConsumers}; how a change becomes a
 * revision is in {@code revision}. A thread of its own.
 */
@NullMarked
package io.tollgate.controlplane.catalog.firstsight;

import org.jspecify.annotations.NullMarked;
