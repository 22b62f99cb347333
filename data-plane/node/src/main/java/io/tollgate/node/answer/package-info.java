/**
 * What produces the body of an admitted call: today the upstream only. Entry type:
 * {@link io.tollgate.node.answer.Answerer}. Immutable; the work happens on the event loop of the call.
 */
@NullMarked
package io.tollgate.node.answer;

import org.jspecify.annotations.NullMarked;
