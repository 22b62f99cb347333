/** Tests of what asks targets for their health. */
@NullMarked
package io.tollgate.node.health;

import org.jspecify.annotations.NullMarked;
