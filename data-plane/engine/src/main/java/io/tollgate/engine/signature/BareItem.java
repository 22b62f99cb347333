package io.tollgate.engine.signature;

/** A bare item of a structured field (RFC 9651, 3.3), of the kinds that signatures have. Immutable. */
sealed interface BareItem {
    /** As RFC 9651, 4.1 writes it. */
    String text();

    record Whole(long value) implements BareItem {
        @Override
        public String text() {
            return Long.toString(value);
        }
    }

    record Text(String value) implements BareItem {
        @Override
        public String text() {
            return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
        }
    }

    record Token(String value) implements BareItem {
        @Override
        public String text() {
            return value;
        }
    }

    record Bytes(String base64) implements BareItem {
        @Override
        public String text() {
            return ':' + base64 + ':';
        }
    }

    record Truth(boolean value) implements BareItem {
        @Override
        public String text() {
            return value ? "?1" : "?0";
        }
    }
}
