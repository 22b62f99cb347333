package io.tollgate.node.credential;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** How questions about tokens ended, of all issuers that there ever were. Shared; lock-free. */
final class IntrospectionCounts {
    final LongAdder active = new LongAdder();
    final LongAdder inactive = new LongAdder();
    final LongAdder failed = new LongAdder();
    final LongAdder refused = new LongAdder();
    final AtomicInteger asked = new AtomicInteger();
}
