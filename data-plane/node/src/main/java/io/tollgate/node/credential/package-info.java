/**
 * What is found out about callers before a call is decided on: tokens, and the keys of those who issue them.
 *
 * <p>Resolvers are asked on the event loops and answer from memory where they can; what takes time is done on one small pool of threads
 * ({@link io.tollgate.node.credential.CheckPool}) or fetched by a loop of its own. What is remembered is bounded, and is never told under
 * a configuration or keys that would not say so now. Who is proven by what was found is told by the configuration of the call. The entry
 * class is {@link io.tollgate.node.credential.Credentials}.
 */
@NullMarked
package io.tollgate.node.credential;

import org.jspecify.annotations.NullMarked;
