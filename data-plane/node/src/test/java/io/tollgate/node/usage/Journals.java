package io.tollgate.node.usage;

import io.tollgate.proto.usage.v1.UsageBatch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Journals of tests: small segments, and what a later start finds of them. */
final class Journals {
    static final String NODE = "node-test";
    static final int SLOTS = 16;

    private Journals() {}

    static JournalBounds bounds(int slots, int segments) {
        return new JournalBounds(slots, segments * SegmentLayout.fileBytes(slots), 2);
    }

    static SegmentStore store(Path directory, long epoch, JournalBounds bounds) throws IOException {
        return SegmentStore.open(directory, NODE, epoch, bounds);
    }

    /** The batches that a start with a later epoch would send. */
    static List<UsageBatch> recovered(Path directory) throws IOException {
        List<UsageBatch> batches = new ArrayList<>();
        for (Segment segment :
                store(directory, 9_000_000_000L, bounds(SLOTS, 64)).drainRecovered()) {
            if (!segment.isSealed()) {
                segment.seal(1);
            }
            batches.add(UsageBatches.of(segment));
        }
        return batches;
    }
}
