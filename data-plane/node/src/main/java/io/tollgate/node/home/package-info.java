/**
 * The directory that a node keeps between starts: who it is, how often it started, and files that survive a power cut.
 *
 * <p>Here: {@link io.tollgate.node.home.NodeHome} (the entry: lock, node id, boot epoch) and
 * {@link io.tollgate.node.home.DurableFile}, {@link io.tollgate.node.home.SealedFile}. Not here: what is inside the snapshot file (sync) or the journal (usage).
 * Used at start and by the threads that write files; never on an event loop.
 */
@NullMarked
package io.tollgate.node.home;

import org.jspecify.annotations.NullMarked;
