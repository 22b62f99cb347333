package io.tollgate.controlplane.join;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.Set;

/**
 * The serials of revoked certificates that have not expired: asked for with every call of a node, so they are held in memory, and read anew
 * whenever a control plane says that it has revoked, and each second in any case. While the database is away the last ones hold; nobody can
 * revoke then. Shared; reads are lock-free.
 */
@ApplicationScoped
public class Revocations {
    /** Whoever revokes notifies on this channel. */
    public static final String CHANNEL = "tollgate_node_revoked";

    private volatile Set<String> serials = Set.of();

    public boolean contains(String serial) {
        return serials.contains(serial);
    }

    /** Reads them anew. */
    public void refresh(Statement statement) throws SQLException {
        Set<String> read = new HashSet<>();
        try (ResultSet row = statement.executeQuery(
                "select serial from node_certificate where revoked_at is not null and not_after > clock_timestamp()")) {
            while (row.next()) {
                read.add(row.getString(1));
            }
        }
        serials = Set.copyOf(read);
    }
}
