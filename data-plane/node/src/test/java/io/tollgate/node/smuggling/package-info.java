/** Requests that two programs could read in two ways: what becomes of them is held against one strict reading. */
@NullMarked
package io.tollgate.node.smuggling;

import org.jspecify.annotations.NullMarked;
