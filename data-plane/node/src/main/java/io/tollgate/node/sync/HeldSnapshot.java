package io.tollgate.node.sync;

import com.google.protobuf.ByteString;
import io.tollgate.proto.config.v1.Change;
import java.util.List;

/**
 * All of one configuration, as it lies on disk. Immutable.
 *
 * @param revision its number
 * @param digest of the whole, 32 bytes
 * @param controlEpoch the line of revisions that it belongs to
 * @param committedAtMillis when it was committed, milliseconds since the Unix epoch; 0 when unknown
 * @param changes all objects
 */
record HeldSnapshot(
        long revision, ByteString digest, String controlEpoch, long committedAtMillis, List<Change> changes) {}
