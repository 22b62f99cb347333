/**
 * Where a node takes calls and whom it believes there: the compiled form of listeners. Immutable; pure Java.
 *
 * <p>Entry class: {@link io.tollgate.engine.listener.ListenerRules}. Not here: sockets (the node's {@code listener}).
 */
@NullMarked
package io.tollgate.engine.listener;

import org.jspecify.annotations.NullMarked;
