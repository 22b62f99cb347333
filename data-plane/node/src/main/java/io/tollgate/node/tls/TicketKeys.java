package io.tollgate.node.tls;

import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.OpenSslSessionTicketKey;
import java.security.SecureRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What session tickets are sealed with (RFC 5077, 4; RFC 8446, 4.6.1), for as long as it is safe: a new key every some hours, and the one
 * before still opens tickets. Shared among the loops; they take turns.
 */
final class TicketKeys {
    /** Whoever steals a key reads the resumed connections of so long and as long again, of TLS 1.2. */
    static final long KEY_MILLIS = TimeUnit.HOURS.toMillis(6);

    private static final int PART_BYTES = 16;

    private final SecureRandom random = new SecureRandom();
    private @Nullable OpenSslSessionTicketKey now;
    private volatile long renewAtMillis;

    /** Gives the context new keys when it is time. */
    void renew(OpenSslSessionContext sessions, long nowMillis) {
        if (nowMillis >= renewAtMillis) {
            renewOnce(sessions, nowMillis);
        }
    }

    private synchronized void renewOnce(OpenSslSessionContext sessions, long nowMillis) {
        if (nowMillis < renewAtMillis) {
            return;
        }
        OpenSslSessionTicketKey before = now;
        OpenSslSessionTicketKey next = new OpenSslSessionTicketKey(part(), part(), part());
        if (before == null) {
            sessions.setTicketKeys(next);
        } else {
            sessions.setTicketKeys(next, before);
        }
        now = next;
        renewAtMillis = nowMillis + KEY_MILLIS;
    }

    private byte[] part() {
        byte[] part = new byte[PART_BYTES];
        random.nextBytes(part);
        return part;
    }
}
