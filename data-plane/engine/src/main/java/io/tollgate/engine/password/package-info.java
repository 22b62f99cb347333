/**
 * Passwords: which digests of them are taken, how one is made, and whether a password is the one of a digest.
 *
 * <p>Pure arithmetic that is slow on purpose: nothing here belongs on an event loop. Who has which password is the room {@code consumer}'s
 * affair. The entry class is {@link io.tollgate.engine.password.PasswordHash}. Any thread.
 */
@NullMarked
package io.tollgate.engine.password;

import org.jspecify.annotations.NullMarked;
