/** Tests of following names, against a name server of their own. */
@NullMarked
package io.tollgate.node.discovery;

import org.jspecify.annotations.NullMarked;
