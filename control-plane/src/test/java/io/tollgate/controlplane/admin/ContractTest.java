package io.tollgate.controlplane.admin;

import static io.restassured.RestAssured.given;
import static io.tollgate.controlplane.admin.AdminClient.admin;
import static io.tollgate.controlplane.admin.AdminClient.anonymous;
import static io.tollgate.controlplane.admin.AdminClient.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import io.tollgate.controlplane.EmbeddedPostgresResource;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.spi.CDI;
import jakarta.inject.Inject;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.hamcrest.Matchers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The running admin API against admin.yaml, operation by operation. That answers have their declared shape: {@link KeptContract}. */
@QuarkusTest
@QuarkusTestResource(EmbeddedPostgresResource.class)
class ContractTest {
    @Inject
    Router router;

    static Stream<String> operations() {
        return PublishedContract.read().operations().stream().map(PublishedContract.Operation::id);
    }

    @ParameterizedTest
    @MethodSource("operations")
    void operation_calledRightly_answersAsDeclared(String id) {
        Response answer = SuccessfulCalls.of(id);
        assertThat(answer.statusCode()).as(answer.asString()).isBetween(200, 299);
    }

    @Test
    void operations_successfulCalls_areThereForAllAndNoOthers() {
        assertThat(SuccessfulCalls.operations())
                .containsExactlyInAnyOrderElementsOf(operations().toList());
    }

    @ParameterizedTest
    @MethodSource("operations")
    void operation_withoutAValidToken_is401(String id) {
        refused(id, anonymous(), 401);
        refused(id, with("garbage"), 401);
        refused(id, with(SignedTokens.expired()), 401);
        refused(id, with(SignedTokens.ofWrongIssuer()), 401);
    }

    @Test
    void token_ofAnyOtherMaking_is401() {
        String id = "createService";
        refused(id, anonymous().header("Authorization", "Basic YWRtaW46YWRtaW4="), 401);
        refused(id, anonymous().header("Authorization", "Bearer "), 401);
        refused(id, with("a.b.c"), 401);
        refused(id, with(SignedTokens.ofUnknownKey()), 401);
        refused(id, with(SignedTokens.forged()), 401);
        refused(id, with(SignedTokens.unsigned()), 401);
    }

    @ParameterizedTest
    @MethodSource("operations")
    void operation_withRolesThatItDoesNotName_is403(String id) {
        Set<String> others = new TreeSet<>(PublishedContract.read().roles());
        others.removeAll(PublishedContract.read().operation(id).roles());
        refused(id, with(SignedTokens.good(Set.of("sovereign"))), 403);
        for (String role : others) {
            refused(id, with(SignedTokens.good(Set.of(role))), 403);
        }
    }

    /** Whoever has one of the roles gets past the gate: whatever the answer is, it is about the request. */
    @ParameterizedTest
    @MethodSource("operations")
    void operation_withEachRoleThatItNames_isAdmitted(String id) {
        PublishedContract.Operation operation = PublishedContract.read().operation(id);
        assertThat(operation.roles())
                .isNotEmpty()
                .isSubsetOf(PublishedContract.read().roles());
        for (String role : operation.roles()) {
            int status = call(operation, with(SignedTokens.good(Set.of(role)))).statusCode();
            assertThat(status).as("%s as %s", id, role).isNotIn(401, 403);
        }
    }

    @Test
    void server_resources_areTheOperationsAndNoOthers() {
        Set<String> served = new TreeSet<>();
        CDI.current().getBeanManager().getBeans(Object.class, Any.Literal.INSTANCE).stream()
                .map(bean -> bean.getBeanClass())
                .filter(type -> !type.isInterface())
                .flatMap(type -> Stream.concat(Stream.of(type), Arrays.stream(type.getInterfaces())))
                .filter(type -> type.isAnnotationPresent(Path.class))
                .forEach(type -> Arrays.stream(type.getMethods()).forEach(method -> add(type, method, served)));
        assertThat(served)
                .containsExactlyInAnyOrderElementsOf(PublishedContract.read().operations().stream()
                        .map(operation -> operation.method() + " " + operation.path())
                        .toList());
    }

    private static void add(Class<?> type, Method method, Set<String> served) {
        for (Annotation annotation : method.getAnnotations()) {
            HttpMethod verb = annotation.annotationType().getAnnotation(HttpMethod.class);
            if (verb != null) {
                Path path = method.getAnnotation(Path.class);
                String whole = type.getAnnotation(Path.class).value() + (path == null ? "" : path.value());
                served.add(verb.value() + " " + (whole.startsWith("/") ? whole : "/" + whole));
            }
        }
    }

    /** Beside the operations there are the contract itself, and health and metrics under /q. */
    @Test
    void server_otherPaths_areHealthMetricsAndTheContract() {
        Set<String> paths = router.getRoutes().stream()
                .map(Route::getPath)
                .filter(path -> path != null)
                .filter(path -> !path.equals("/") && !path.equals("/q") && !path.startsWith("/q/"))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(paths).containsExactly("/openapi");
        for (String path : new String[] {"/q/health", "/q/health/live", "/q/health/ready", "/q/metrics", "/openapi"}) {
            given().get(path).then().statusCode(200);
        }
        for (String path : new String[] {"/", "/v1", "/v2/services", "/v1/service", "/admin.yaml"}) {
            assertThat(admin().get(path).statusCode()).as(path).isEqualTo(404);
        }
        for (String path : new String[] {"/q", "/q/dev", "/q/dev-ui", "/q/openapi", "/q/swagger-ui", "/q/info"}) {
            given().get(path).then().statusCode(404);
        }
    }

    @Test
    void operation_methodThatIsNotThere_is405WithThoseThatAre() {
        admin().patch("/v1/services").then().statusCode(405).header("Allow", Matchers.containsString("POST"));
        admin().body("{}").post("/v1/nodes").then().statusCode(405).header("Allow", Matchers.containsString("GET"));
    }

    @Test
    void operation_answerOfUnwantedType_is406() {
        admin().accept("image/png").get("/v1/services").then().statusCode(406);
    }

    private static void refused(String id, RequestSpecification caller, int status) {
        PublishedContract.Operation operation = PublishedContract.read().operation(id);
        assertThat(call(operation, caller).statusCode()).as(id).isEqualTo(status);
    }

    private static Response call(PublishedContract.Operation operation, RequestSpecification caller) {
        RequestSpecification request = switch (operation.method()) {
            case "PUT", "POST" -> caller.body("{}");
            default -> caller;
        };
        return request.request(operation.method(), operation.anyPath());
    }
}
