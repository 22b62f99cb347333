/**
 * The PostgreSQL of the one-command start: a real server, run as a child of this process, with its data in the home
 * directory. Entry: {@link io.tollgate.controlplane.embedded.EmbeddedDatabase}. Not for production sizes, but nothing about
 * it is pretended: it writes durably and asks for a password. Main thread only.
 */
@NullMarked
package io.tollgate.controlplane.embedded;

import org.jspecify.annotations.NullMarked;
