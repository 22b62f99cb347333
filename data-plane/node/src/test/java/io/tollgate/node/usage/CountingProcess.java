package io.tollgate.node.usage;

import io.tollgate.node.exchange.UsageEntry;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;

/** Counts calls until it is killed and says so after each one; the other half of {@link JournalKillTest}. */
final class CountingProcess {
    private static final int CALLS_PER_SECOND_OF_TEST = 37;

    private CountingProcess() {}

    public static void main(String[] arguments) throws IOException {
        JournalBounds bounds = Journals.bounds(Journals.SLOTS, 100_000);
        SegmentStore store = Journals.store(Path.of(arguments[0]), Long.parseLong(arguments[1]), bounds);
        UsageJournal journal = new UsageJournal(store, bounds);
        Thread disk = new Thread(() -> sealAndPrepare(store, journal), "disk");
        disk.setDaemon(true);
        disk.start();
        OutputStream parent = System.out;
        Calls calls = new Calls(Long.parseLong(arguments[2]), 12);
        UsageEntry entry = new UsageEntry();
        for (int i = 0; ; i++) {
            calls.next(entry);
            while (!journal.count(entry)) {
                Thread.onSpinWait(); // The disk thread prepares the next spare.
            }
            parent.write('.');
            parent.flush();
            if (i % CALLS_PER_SECOND_OF_TEST == 0) {
                journal.tick();
            }
        }
    }

    private static void sealAndPrepare(SegmentStore store, UsageJournal journal) {
        while (true) {
            for (Segment handed = store.nextHanded(); handed != null; handed = store.nextHanded()) {
                if (handed.isEmpty()) {
                    store.recycle(handed);
                } else {
                    handed.seal(1);
                }
            }
            journal.force();
            store.prepareSpares();
        }
    }
}
