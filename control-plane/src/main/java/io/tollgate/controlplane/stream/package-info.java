/**
 * The control plane's side of both streams between the planes: who may connect, one {@link
 * io.tollgate.controlplane.stream.WatchSession} per connected node, what each node enforces ({@link
 * io.tollgate.controlplane.stream.NodeRegistry}), and who wakes them when a revision was committed here or elsewhere ({@link
 * io.tollgate.controlplane.stream.RevisionFeed}). Enter at {@link io.tollgate.controlplane.stream.StreamServer}. What is sent is
 * made in {@code snapshot}; what is counted goes to {@code usage}. Threads: those of the stream server (may block), one feed,
 * one listener, one heartbeat, one registry writer.
 */
@NullMarked
package io.tollgate.controlplane.stream;

import org.jspecify.annotations.NullMarked;
