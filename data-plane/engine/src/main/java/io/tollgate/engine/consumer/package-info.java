/**
 * Who calls: consumers, their plans and subscriptions, the API keys that prove them, and the index that finds a key.
 *
 * <p>How a key is presented on the wire is a policy; where it is read from a request is the node's. The entry class is
 * {@link io.tollgate.engine.consumer.CredentialIndex}. All immutable and shared, but for {@link
 * io.tollgate.engine.consumer.KeyHasher}, of which each thread has its own.
 */
@NullMarked
package io.tollgate.engine.consumer;

import org.jspecify.annotations.NullMarked;
