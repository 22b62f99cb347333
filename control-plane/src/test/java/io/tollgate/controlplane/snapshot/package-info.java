/** Tests of how the catalog becomes the nodes' configuration, and of the judgement before a commit. */
@NullMarked
package io.tollgate.controlplane.snapshot;

import org.jspecify.annotations.NullMarked;
