package io.tollgate.controlplane.admin.contract;

import io.tollgate.controlplane.admin.problem.ProblemException;
import io.tollgate.controlplane.admin.problem.ProblemType;
import io.tollgate.controlplane.admin.problem.Problems;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/**
 * Serves the contract itself at /openapi, byte for byte and without a token, and gives a problem body to what fails before any resource
 * is reached (a request line or a body beyond the server's own bounds). Event-loop confined.
 */
@ApplicationScoped
public class ContractRoute {
    private final Contract contract;
    private final Problems problems;

    ContractRoute(Contract contract, Problems problems) {
        this.contract = contract;
        this.problems = problems;
    }

    void routes(@Observes Router router) {
        router.get("/openapi")
                .handler(context -> context.response()
                        .putHeader("Content-Type", "application/yaml")
                        .end(contract.text()));
        router.errorHandler(413, context -> answer(context, ProblemType.CONTENT_TOO_LARGE));
        router.errorHandler(400, context -> answer(context, ProblemType.BAD_REQUEST));
    }

    private void answer(RoutingContext context, ProblemType type) {
        context.response()
                .setStatusCode(type.status())
                .putHeader("Content-Type", Problems.MEDIA_TYPE)
                .end(problems.body(ProblemException.of(type, type.title())));
    }
}
