/**
 * Who may call what, from where and when: rules that are asked in their order.
 *
 * <p>Who calls is found out elsewhere; here it is known by what {@link io.tollgate.engine.access.AccessFacts} tells. Entry class:
 * {@link io.tollgate.engine.access.AccessRules}. Immutable and shared; what is remembered of time is lock-free.
 */
@NullMarked
package io.tollgate.engine.access;

import org.jspecify.annotations.NullMarked;
