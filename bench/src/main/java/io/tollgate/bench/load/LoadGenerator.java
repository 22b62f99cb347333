package io.tollgate.bench.load;

import java.io.IOException;
import java.util.Map;

/** Puts closed-loop load on one URL of 127.0.0.1 for a bounded time. One round at a time. */
interface LoadGenerator {

    LoadResult run(String url, Map<String, String> headers, int connections, int seconds)
            throws IOException, InterruptedException;

    /** Its name, for the table. */
    String name();
}
