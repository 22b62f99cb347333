package io.tollgate.controlplane.admin.contract;

import io.tollgate.controlplane.admin.problem.ProblemException;
import io.tollgate.controlplane.admin.problem.ProblemType;
import io.tollgate.controlplane.admin.token.Caller;
import io.tollgate.controlplane.admin.token.TokenVerifier;
import io.tollgate.controlplane.catalog.audit.Actor;
import io.tollgate.controlplane.catalog.audit.Origin;
import io.tollgate.controlplane.catalog.revision.FieldFault;
import io.tollgate.controlplane.catalog.team.TeamLimit;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jboss.resteasy.reactive.server.SimpleResourceInfo;

/**
 * What every request passes before its resource: a valid token, one of the roles that the contract names for the operation, and
 * parameters as the contract wants them. The contract is the only table of roles. Shared; worker threads.
 */
public class ContractGate {
    private final Contract contract;
    private final ParameterJudge parameters;
    private final TokenVerifier tokens;
    private final Caller caller;
    private final TeamLimit limit;

    ContractGate(Contract contract, TokenVerifier tokens, Caller caller, TeamLimit limit) {
        this.contract = contract;
        this.parameters = new ParameterJudge(new SchemaJudge(contract));
        this.tokens = tokens;
        this.caller = caller;
        this.limit = limit;
    }

    @ServerRequestFilter(priority = Priorities.AUTHENTICATION)
    public void admit(ContainerRequestContext request, SimpleResourceInfo resource, HttpServerRequest connection) {
        // Of the connection: what fields of the head say about its other end, anybody could have written.
        caller.comes(new Origin(
                connection.remoteAddress().hostAddress(),
                request.getHeaderString(HttpHeaders.USER_AGENT),
                UUID.randomUUID()));
        Operation operation = contract.operation(resource.getMethodName());
        if (operation == null) {
            // Fails closed: what the contract does not name nobody may call.
            throw ProblemException.of(ProblemType.NOT_FOUND, "the contract has no " + resource.getMethodName());
        }
        Actor actor = tokens.verify(request.getHeaderString(HttpHeaders.AUTHORIZATION));
        caller.is(actor);
        if (Collections.disjoint(actor.roles(), operation.roles())) {
            String roles = String.join(", ", operation.roles().stream().sorted().toList());
            throw ProblemException.of(ProblemType.FORBIDDEN, operation.id() + " needs one of the roles " + roles);
        }
        if (actor.teams() != null && !operation.forTeams()) {
            throw ProblemException.of(
                    ProblemType.FORBIDDEN, operation.id() + " is not for tokens that are limited to teams");
        }
        limit.is(actor.teams());
        List<FieldFault> faults = parameters.judge(operation, request);
        if (!faults.isEmpty()) {
            throw ProblemException.ofFields(ProblemType.BAD_REQUEST, faults);
        }
    }
}
