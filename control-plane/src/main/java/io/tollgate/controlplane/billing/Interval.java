package io.tollgate.controlplane.billing;

/** Length of one row, in UTC. Immutable. */
public enum Interval {
    MINUTE("minute"),
    HOUR("date_trunc('hour', minute, 'UTC')"),
    DAY("date_trunc('day', minute, 'UTC')"),
    /** The whole time that is asked for. */
    TOTAL("?::timestamptz");

    private final String sql;

    Interval(String sql) {
        this.sql = sql;
    }

    String sql() {
        return sql;
    }
}
