package io.tollgate.engine.compile;

import io.tollgate.engine.listener.ListenerBounds;

/** The bounds of listeners: checks them and makes {@link ListenerBounds}. Compile thread only. */
final class BoundsCompiler {
    private static final ListenerBounds DEFAULTS = ListenerBounds.DEFAULTS;
    private static final int CONNECTIONS_MAX = 1_000_000;
    private static final int LINE_BYTES_MIN = 256;
    private static final int LINE_BYTES_MAX = 65_536;
    private static final int FIELDS_MIN = 8;
    private static final int FIELDS_MAX = 1_000;
    private static final int HEADER_BYTES_MIN = 1_024;
    private static final int HEADER_BYTES_MAX = 1_048_576;
    private static final long BODY_BYTES_MAX = 1L << 50;
    private static final int TIMEOUT_MILLIS_MIN = 1_000;
    private static final int TIMEOUT_MILLIS_MAX = 86_400_000;
    private static final int HEADER_TIMEOUT_MILLIS_MAX = 600_000;
    private static final int BYTES_PER_SECOND_MAX = 1_048_576;
    private static final int REQUESTS_MAX = 1_000_000_000;
    private static final int FRAME_BYTES_MIN = 125;
    private static final int FRAME_BYTES_MAX = 16_777_216;
    private static final int STREAMS_MAX = 10_000;
    private static final int FRAMES_PER_SECOND_MAX = 1_000_000;

    private BoundsCompiler() {}

    static void check(io.tollgate.proto.config.v1.ListenerBounds wire, ObjectProblems problems) {
        ListenerBounds bounds = compile(wire);
        problems.range("/bounds/connections_max", bounds.connectionsMax(), 1, CONNECTIONS_MAX);
        problems.range("/bounds/connections_per_address_max", bounds.connectionsPerAddressMax(), 1, CONNECTIONS_MAX);
        problems.range("/bounds/request_line_bytes_max", bounds.requestLineBytesMax(), LINE_BYTES_MIN, LINE_BYTES_MAX);
        problems.range("/bounds/header_fields_max", bounds.headerFieldsMax(), FIELDS_MIN, FIELDS_MAX);
        problems.range("/bounds/header_bytes_max", bounds.headerBytesMax(), HEADER_BYTES_MIN, HEADER_BYTES_MAX);
        problems.range("/bounds/body_bytes_max", bounds.bodyBytesMax(), 0, BODY_BYTES_MAX);
        problems.range(
                "/bounds/idle_timeout_millis", bounds.idleTimeoutMillis(), TIMEOUT_MILLIS_MIN, TIMEOUT_MILLIS_MAX);
        problems.range(
                "/bounds/header_timeout_millis",
                bounds.headerTimeoutMillis(),
                TIMEOUT_MILLIS_MIN,
                HEADER_TIMEOUT_MILLIS_MAX);
        problems.range(
                "/bounds/body_timeout_millis", bounds.bodyTimeoutMillis(), TIMEOUT_MILLIS_MIN, TIMEOUT_MILLIS_MAX);
        problems.range("/bounds/body_bytes_per_second_min", bounds.bodyBytesPerSecondMin(), 0, BYTES_PER_SECOND_MAX);
        problems.range("/bounds/requests_per_connection_max", bounds.requestsPerConnectionMax(), 0, REQUESTS_MAX);
        problems.range(
                "/bounds/websocket_frame_bytes_max", bounds.websocketFrameBytesMax(), FRAME_BYTES_MIN, FRAME_BYTES_MAX);
        problems.range(
                "/bounds/websocket_idle_timeout_millis",
                bounds.websocketIdleTimeoutMillis(),
                TIMEOUT_MILLIS_MIN,
                TIMEOUT_MILLIS_MAX);
        problems.range("/bounds/http2_streams_max", bounds.http2StreamsMax(), 1, STREAMS_MAX);
        problems.range(
                "/bounds/http2_resets_per_second_max", bounds.http2ResetsPerSecondMax(), 1, FRAMES_PER_SECOND_MAX);
        problems.range(
                "/bounds/http2_settings_per_second_max", bounds.http2SettingsPerSecondMax(), 1, FRAMES_PER_SECOND_MAX);
        problems.range("/bounds/http2_pings_per_second_max", bounds.http2PingsPerSecondMax(), 1, FRAMES_PER_SECOND_MAX);
    }

    /** What is absent is as in {@link ListenerBounds#DEFAULTS}. */
    static ListenerBounds compile(io.tollgate.proto.config.v1.ListenerBounds wire) {
        return new ListenerBounds(
                wire.hasConnectionsMax() ? wire.getConnectionsMax() : DEFAULTS.connectionsMax(),
                wire.hasConnectionsPerAddressMax()
                        ? wire.getConnectionsPerAddressMax()
                        : DEFAULTS.connectionsPerAddressMax(),
                wire.hasRequestLineBytesMax() ? wire.getRequestLineBytesMax() : DEFAULTS.requestLineBytesMax(),
                wire.hasHeaderFieldsMax() ? wire.getHeaderFieldsMax() : DEFAULTS.headerFieldsMax(),
                wire.hasHeaderBytesMax() ? wire.getHeaderBytesMax() : DEFAULTS.headerBytesMax(),
                wire.hasBodyBytesMax() ? wire.getBodyBytesMax() : DEFAULTS.bodyBytesMax(),
                wire.hasIdleTimeoutMillis() ? wire.getIdleTimeoutMillis() : DEFAULTS.idleTimeoutMillis(),
                wire.hasHeaderTimeoutMillis() ? wire.getHeaderTimeoutMillis() : DEFAULTS.headerTimeoutMillis(),
                wire.hasBodyTimeoutMillis() ? wire.getBodyTimeoutMillis() : DEFAULTS.bodyTimeoutMillis(),
                wire.hasBodyBytesPerSecondMin() ? wire.getBodyBytesPerSecondMin() : DEFAULTS.bodyBytesPerSecondMin(),
                wire.hasRequestsPerConnectionMax()
                        ? wire.getRequestsPerConnectionMax()
                        : DEFAULTS.requestsPerConnectionMax(),
                wire.hasWebsocketFrameBytesMax() ? wire.getWebsocketFrameBytesMax() : DEFAULTS.websocketFrameBytesMax(),
                wire.hasWebsocketIdleTimeoutMillis()
                        ? wire.getWebsocketIdleTimeoutMillis()
                        : DEFAULTS.websocketIdleTimeoutMillis(),
                wire.hasHttp2StreamsMax() ? wire.getHttp2StreamsMax() : DEFAULTS.http2StreamsMax(),
                wire.hasHttp2ResetsPerSecondMax()
                        ? wire.getHttp2ResetsPerSecondMax()
                        : DEFAULTS.http2ResetsPerSecondMax(),
                wire.hasHttp2SettingsPerSecondMax()
                        ? wire.getHttp2SettingsPerSecondMax()
                        : DEFAULTS.http2SettingsPerSecondMax(),
                wire.hasHttp2PingsPerSecondMax()
                        ? wire.getHttp2PingsPerSecondMax()
                        : DEFAULTS.http2PingsPerSecondMax());
    }
}
