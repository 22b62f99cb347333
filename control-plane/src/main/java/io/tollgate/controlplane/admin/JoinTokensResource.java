package io.tollgate.controlplane.admin;

import io.tollgate.admin.api.JoinTokensApi;
import io.tollgate.admin.model.IssuedJoinToken;
import io.tollgate.admin.model.JoinTokenRequest;
import io.tollgate.controlplane.admin.answer.Cursor;
import io.tollgate.controlplane.admin.answer.Page;
import io.tollgate.controlplane.admin.answer.Reads;
import io.tollgate.controlplane.admin.token.Caller;
import io.tollgate.controlplane.catalog.directory.Ids;
import io.tollgate.controlplane.join.JoinToken;
import io.tollgate.controlplane.join.JoinTokens;
import io.tollgate.controlplane.stream.StreamMode;
import io.tollgate.controlplane.stream.StreamSettings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.UUID;

/** Join tokens over REST. Shared; worker threads only. */
@ApplicationScoped
public class JoinTokensResource implements JoinTokensApi {
    private static final String LISTING = "join-token";
    private static final String SEPARATOR = "/";
    private static final String WARNING = "Tollgate-Warning";

    private final JoinTokens tokens;
    private final StreamSettings stream;
    private final Reads reads;
    private final Caller caller;
    private final Clock clock;

    JoinTokensResource(JoinTokens tokens, StreamSettings stream, Reads reads, Caller caller, Clock clock) {
        this.tokens = tokens;
        this.stream = stream;
        this.reads = reads;
        this.caller = caller;
        this.clock = clock;
    }

    @Override
    public Response listJoinTokens(Integer limit, String cursor) {
        String after = Cursor.parse(LISTING, cursor);
        JoinTokens.Place place = after.isEmpty() ? null : place(after);
        return reads.whole(() -> Page.of(
                LISTING,
                tokens.page(place, limit + 1),
                limit,
                token -> token.createdAt() + SEPARATOR + token.id(),
                page -> page.stream().map(this::model).toList()));
    }

    private static JoinTokens.Place place(String text) {
        String[] parts = text.split(SEPARATOR, -1);
        UUID id = parts.length == 2 ? Ids.parse(parts[1]) : null;
        if (id == null) {
            throw Cursor.invalid();
        }
        try {
            return new JoinTokens.Place(Instant.parse(parts[0]), id);
        } catch (DateTimeParseException e) {
            throw Cursor.invalid();
        }
    }

    @Override
    public Response issueJoinToken(JoinTokenRequest body) {
        JoinTokens.Issued issued =
                tokens.issue(body.getNodeId(), Duration.ofSeconds(body.getExpiresInSeconds()), caller.actor());
        JoinToken token = issued.token();
        Response.ResponseBuilder answer = Response.status(201)
                .type("application/json")
                .header("Cache-Control", "no-store")
                .header(HttpHeaders.LOCATION, "/v1/join-tokens/" + token.id())
                .entity(new IssuedJoinToken()
                        .token(issued.text())
                        .id(token.id())
                        .nodeId(token.nodeId())
                        .expiresAt(utc(token.expiresAt())));
        if (stream.mode() != StreamMode.OWN_AUTHORITY) {
            // Another control plane of the database may take it.
            answer.header(
                    WARNING,
                    "the stream of this control plane takes no such token: TOLLGATE_STREAM_SECURITY is "
                            + stream.mode().word());
        }
        return answer.build();
    }

    @Override
    public Response getJoinToken(UUID token) {
        return reads.whole(() -> model(tokens.get(token)));
    }

    @Override
    public Response deleteJoinToken(UUID token) {
        tokens.delete(token, caller.actor());
        return Response.noContent().build();
    }

    private io.tollgate.admin.model.JoinToken model(JoinToken token) {
        Instant usedAt = token.usedAt();
        return new io.tollgate.admin.model.JoinToken()
                .id(token.id())
                .nodeId(token.nodeId())
                .active(token.isActive(clock.instant()))
                .createdBy(token.createdBy())
                .createdAt(utc(token.createdAt()))
                .expiresAt(utc(token.expiresAt()))
                .usedAt(usedAt == null ? null : utc(usedAt))
                .usedBy(token.usedBy());
    }

    private static OffsetDateTime utc(Instant time) {
        return time.atOffset(ZoneOffset.UTC);
    }
}
