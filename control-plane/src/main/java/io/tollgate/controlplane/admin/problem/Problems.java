package io.tollgate.controlplane.admin.problem;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tollgate.admin.model.FieldError;
import io.tollgate.admin.model.ObjectProblem;
import io.tollgate.admin.model.Problem;
import io.tollgate.controlplane.catalog.revision.CatalogBusy;
import io.tollgate.controlplane.catalog.revision.CatalogConflict;
import io.tollgate.controlplane.catalog.revision.CatalogException;
import io.tollgate.controlplane.catalog.revision.ConfigurationRefused;
import io.tollgate.controlplane.catalog.revision.InvalidFields;
import io.tollgate.controlplane.catalog.revision.NotInCatalog;
import io.tollgate.controlplane.catalog.revision.ObjectFault;
import io.tollgate.controlplane.catalog.revision.OutOfReach;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.Response;
import java.util.List;

/** Turns endings into problems, and problems into answers. Shared; any thread. */
@ApplicationScoped
public class Problems {
    public static final String MEDIA_TYPE = "application/problem+json";

    /** How soon a caller may try again when the database is away. */
    public static final String RETRY_AFTER_SECONDS = "2";

    private final ObjectMapper mapper;

    Problems(ObjectMapper mapper) {
        this.mapper = mapper;
    }

    /** The problem that a refusal of the catalog is. */
    public static ProblemException of(CatalogException refusal) {
        if (refusal instanceof InvalidFields invalid) {
            return ProblemException.ofFields(ProblemType.INVALID_FIELD, invalid.faults());
        }
        if (refusal instanceof ConfigurationRefused refused) {
            return ProblemException.ofObjects(refused.faults());
        }
        String detail = String.valueOf(refusal.getMessage());
        if (refusal instanceof NotInCatalog) {
            return ProblemException.of(ProblemType.NOT_FOUND, detail);
        }
        if (refusal instanceof OutOfReach) {
            return ProblemException.of(ProblemType.FORBIDDEN, detail);
        }
        if (refusal instanceof CatalogConflict) {
            return ProblemException.of(ProblemType.CONFLICT, detail);
        }
        if (refusal instanceof CatalogBusy) {
            return unavailable(detail);
        }
        throw new IllegalStateException("a refusal without a problem: " + refusal.getClass());
    }

    public static ProblemException unavailable(String detail) {
        return ProblemException.of(ProblemType.UNAVAILABLE, detail).header("Retry-After", RETRY_AFTER_SECONDS);
    }

    public Response answer(ProblemException problem) {
        Response.ResponseBuilder answer =
                Response.status(problem.type().status()).type(MEDIA_TYPE).entity(body(problem));
        problem.headers().forEach(answer::header);
        return answer.build();
    }

    public String body(ProblemException problem) {
        List<FieldError> errors = problem.errors().stream()
                .map(fault -> new FieldError().pointer(fault.pointer()).detail(fault.detail()))
                .toList();
        List<ObjectProblem> problems =
                problem.problems().stream().map(Problems::model).toList();
        Problem model = new Problem()
                .type(problem.type().uri())
                .title(problem.type().title())
                .status(problem.type().status())
                .detail(problem.getMessage())
                .errors(errors.isEmpty() ? null : errors)
                .problems(problems.isEmpty() ? null : problems);
        try {
            return mapper.writeValueAsString(model);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a problem that cannot be written", e);
        }
    }

    private static ObjectProblem model(ObjectFault fault) {
        return new ObjectProblem()
                .kind(fault.kind())
                .id(fault.id())
                .name(fault.name())
                .pointer(fault.pointer())
                .detail(fault.detail());
    }
}
