/**
 * Follows the names of targets: asks the domain name system, and says which instances a name has now.
 *
 * <p>Here: {@link io.tollgate.node.discovery.NameFollowers}, and a follower for each name, which keeps to the time to live of each answer and keeps the
 * last good one. Not here: what is made of the instances (engine, upstream). Everything runs on one event loop, away from
 * the requests.
 */
@NullMarked
package io.tollgate.node.discovery;

import org.jspecify.annotations.NullMarked;
