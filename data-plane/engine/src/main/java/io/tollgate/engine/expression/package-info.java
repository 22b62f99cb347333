/**
 * What an operator's own sentence says of a call: expressions in the Common Expression Language (CEL) that are true or false.
 *
 * <p>They are checked when they are stored, costed before they ever run, and run to an end whatever the call says. The language is a
 * kept library's, which no other room sees. Entry class: {@link io.tollgate.engine.expression.Expression}. Immutable and shared.
 */
@NullMarked
package io.tollgate.engine.expression;

import org.jspecify.annotations.NullMarked;
