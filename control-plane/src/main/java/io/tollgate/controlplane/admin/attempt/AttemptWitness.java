package io.tollgate.controlplane.admin.attempt;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tollgate.controlplane.admin.contract.Contract;
import io.tollgate.controlplane.admin.contract.Operation;
import io.tollgate.controlplane.admin.token.Caller;
import io.tollgate.controlplane.catalog.audit.Actor;
import io.tollgate.controlplane.catalog.audit.Deed;
import io.tollgate.controlplane.catalog.audit.PlainText;
import io.tollgate.controlplane.catalog.directory.Ids;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;
import org.jboss.resteasy.reactive.server.SimpleResourceInfo;
import org.jspecify.annotations.Nullable;

/**
 * Sees every answer on its way out: gives it the request's id, and takes note of attempts that were refused: calls without a valid token
 * or the right role, and writes that were not done. Shared; worker threads.
 */
public class AttemptWitness {
    static final String REQUEST_ID = "Tollgate-Request-Id";

    private static final Set<Integer> REFUSED = Set.of(401, 403);

    /** A mistake in the form of a request (400, 415 ...) is not an attempt at something. */
    private static final Set<Integer> REFUSED_WRITES = Set.of(401, 403, 404, 409, 412, 422);

    private static final String UNKNOWN = "unknown member";
    private static final int NAME_CHARS_MAX = 128;
    private static final int DETAIL_CHARS_MAX = 1_000;
    private static final int REASONS_MAX = 20;

    private final Contract contract;
    private final Caller caller;
    private final Attempts attempts;
    private final ObjectMapper mapper;

    AttemptWitness(Contract contract, Caller caller, Attempts attempts, ObjectMapper mapper) {
        this.contract = contract;
        this.caller = caller;
        this.attempts = attempts;
        this.mapper = mapper;
    }

    @ServerResponseFilter
    public void witness(ContainerRequestContext request, ContainerResponseContext answer, SimpleResourceInfo resource) {
        Actor actor = caller.soFar();
        Operation operation = resource == null ? null : contract.operation(resource.getMethodName());
        if (actor == null || operation == null) {
            return;
        }
        answer.getHeaders().putSingle(REQUEST_ID, String.valueOf(actor.origin().requestId()));
        Set<Integer> refused = operation.writes() ? REFUSED_WRITES : REFUSED;
        if (refused.contains(answer.getStatus())) {
            attempts.refused(actor, deed(operation, request, answer.getEntity()), answer.getStatus());
        }
    }

    private Deed deed(Operation operation, ContainerRequestContext request, @Nullable Object problem) {
        String name = name(operation, request);
        Map<String, Object> reason = new LinkedHashMap<>();
        reason.put("path", PlainText.of(request.getUriInfo().getPath(), DETAIL_CHARS_MAX));
        reason.putAll(reason(problem));
        return new Deed(operation.id(), operation.kind(), id(name), name, null, reason);
    }

    /** What the last parameter of the path says, where the operation is about one object. */
    private static @Nullable String name(Operation operation, ContainerRequestContext request) {
        String parameter = operation.ownParameter();
        if (parameter == null) {
            return null;
        }
        String value = request.getUriInfo().getPathParameters().getFirst(parameter);
        return value == null ? null : PlainText.of(value, NAME_CHARS_MAX);
    }

    private static @Nullable UUID id(@Nullable String name) {
        return name == null ? null : Ids.parse(name);
    }

    /** Of invalid fields only where they are: what they hold may be a secret in the wrong place. */
    private Map<String, Object> reason(@Nullable Object problem) {
        if (!(problem instanceof String json)) {
            return Map.of();
        }
        try {
            JsonNode told = mapper.readTree(json);
            if (told.has("errors")) {
                List<String> fields = new ArrayList<>();
                told.path("errors").forEach(error -> fields.add(field(error)));
                return Map.of("fields", texts(fields));
            }
            if (told.has("problems")) {
                List<String> problems = new ArrayList<>();
                told.path("problems").forEach(one -> problems.add(sentence(one)));
                return Map.of("problems", texts(problems));
            }
            return Map.of("detail", PlainText.of(told.path("detail").asText(), DETAIL_CHARS_MAX));
        } catch (JsonProcessingException e) {
            return Map.of();
        }
    }

    /** The name of a member that there is not is the caller's text, and may be anything. */
    private static String field(JsonNode error) {
        String pointer = error.path("pointer").asText();
        return error.path("detail").asText().startsWith(UNKNOWN)
                ? pointer.substring(0, pointer.lastIndexOf('/') + 1) + "(" + UNKNOWN + ")"
                : pointer;
    }

    private static String sentence(JsonNode problem) {
        return problem.path("kind").asText() + " " + problem.path("name").asText()
                + problem.path("pointer").asText() + ": "
                + problem.path("detail").asText();
    }

    private static List<String> texts(List<String> texts) {
        return texts.stream()
                .limit(REASONS_MAX)
                .map(text -> PlainText.of(text, DETAIL_CHARS_MAX))
                .toList();
    }
}
