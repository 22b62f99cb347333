package io.tollgate.node.credential;

import java.util.concurrent.atomic.LongAdder;

/** How fetches of keys ended, of all issuers that there ever were. Shared; lock-free. */
final class FetchCounts {
    final LongAdder good = new LongAdder();
    final LongAdder failed = new LongAdder();
}
