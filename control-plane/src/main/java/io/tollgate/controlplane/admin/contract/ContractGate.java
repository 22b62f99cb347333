package io.tollgate.controlplane.admin.contract;

import io.tollgate.controlplane.admin.problem.ProblemException;
import io.tollgate.controlplane.admin.problem.ProblemType;
import io.tollgate.controlplane.admin.token.Caller;
import io.tollgate.controlplane.admin.token.TokenVerifier;
import io.tollgate.controlplane.catalog.audit.Actor;
import io.tollgate.controlplane.catalog.audit.AuditLog;
import io.tollgate.controlplane.catalog.audit.Deed;
import io.tollgate.controlplane.catalog.revision.FieldFault;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jboss.resteasy.reactive.server.SimpleResourceInfo;

/**
 * What every request passes before its resource: a valid token, one of the roles that the contract names for the operation, and
 * parameters as the contract wants them. The contract is the only table of roles. Shared; worker threads.
 */
public class ContractGate {
    private static final Logger LOG = Logger.getLogger(ContractGate.class);

    private final Contract contract;
    private final ParameterJudge parameters;
    private final TokenVerifier tokens;
    private final Caller caller;
    private final AuditLog audit;

    ContractGate(Contract contract, TokenVerifier tokens, Caller caller, AuditLog audit) {
        this.contract = contract;
        this.parameters = new ParameterJudge(new SchemaJudge(contract));
        this.tokens = tokens;
        this.caller = caller;
        this.audit = audit;
    }

    @ServerRequestFilter(priority = Priorities.AUTHENTICATION)
    public void admit(ContainerRequestContext request, SimpleResourceInfo resource) {
        Operation operation = contract.operation(resource.getMethodName());
        if (operation == null) {
            // Fails closed: what the contract does not name nobody may call.
            throw ProblemException.of(ProblemType.NOT_FOUND, "the contract has no " + resource.getMethodName());
        }
        Actor actor = tokens.verify(request.getHeaderString(HttpHeaders.AUTHORIZATION));
        if (Collections.disjoint(actor.roles(), operation.roles())) {
            throw forbidden(operation, actor, request);
        }
        List<FieldFault> faults = parameters.judge(operation, request);
        if (!faults.isEmpty()) {
            throw ProblemException.ofFields(ProblemType.BAD_REQUEST, faults);
        }
        caller.is(actor);
    }

    private ProblemException forbidden(Operation operation, Actor actor, ContainerRequestContext request) {
        String roles = String.join(", ", operation.roles().stream().sorted().toList());
        String detail = operation.id() + " needs one of the roles " + roles;
        if (operation.writes()) {
            recordAttempt(
                    actor,
                    new Deed(
                            "refused 403",
                            operation.noun(),
                            null,
                            request.getUriInfo().getPath(),
                            null,
                            Map.of("operation", operation.id(), "detail", detail)));
        }
        return ProblemException.of(ProblemType.FORBIDDEN, detail);
    }

    /** The answer is 403 also when the attempt cannot be written down; then the log has it. */
    private void recordAttempt(Actor actor, Deed deed) {
        try {
            audit.refused(actor, deed);
        } catch (RuntimeException e) {
            LOG.errorf(
                    e,
                    "event=audit-failed actor=%s action=%s object=%s",
                    actor.subject(),
                    deed.action(),
                    deed.objectName());
        }
    }
}
