package io.tollgate.bench.load;

/** What one round of load saw. Latencies in microseconds; {@code errors} are answers other than 2xx and broken connections. Immutable. */
record LoadResult(long requests, long errors, double requestsPerSecond, long p50Micros, long p99Micros) {}
