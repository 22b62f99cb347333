package io.tollgate.controlplane.admin;

import static io.tollgate.controlplane.admin.AdminClient.admin;
import static io.tollgate.controlplane.admin.AdminClient.consumer;
import static io.tollgate.controlplane.admin.AdminClient.created;
import static io.tollgate.controlplane.admin.AdminClient.etag;
import static io.tollgate.controlplane.admin.AdminClient.plan;
import static io.tollgate.controlplane.admin.AdminClient.post;
import static io.tollgate.controlplane.admin.AdminClient.put;
import static io.tollgate.controlplane.admin.AdminClient.route;
import static io.tollgate.controlplane.admin.AdminClient.unique;
import static io.tollgate.controlplane.admin.AdminClient.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import io.tollgate.controlplane.EmbeddedPostgresResource;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What a token sees and may change that is limited to a team: own things, somebody else's, and everybody's. */
@QuarkusTest
@QuarkusTestResource(EmbeddedPostgresResource.class)
class TeamsTest {
    /** The nouns whose objects a team has, each by a body of which {@code %1$s} is the name. */
    enum Owned {
        SERVICE("services", """
                {"name": "%1$s", "targets": [{"host": "127.0.0.1", "port": 8000}]}"""),
        ROUTE("routes", """
                {"name": "%1$s", "service": "%1$s", "paths": [{"type": "prefix", "value": "/%1$s"}]}"""),
        CONSUMER("consumers", """
                {"name": "%1$s"}"""),
        POLICY("policies", """
                {"name": "%1$s", "type": "rate-limit", "attachment": {"consumer": "%1$s"},
                 "rate_limit": {"windows": [{"requests": 10, "window_seconds": 60}]}}""");

        private final String collection;
        private final String body;

        Owned(String collection, String body) {
            this.collection = collection;
            this.body = body;
        }

        String collection() {
            return "/v1/" + collection;
        }

        String at(String nameOrId) {
            return collection() + "/" + nameOrId;
        }
    }

    private final String own = unique("own");
    private final String foreign = unique("foreign");
    private String token;

    /** Of each noun one object of the team, and one that is not; named alike. */
    @BeforeEach
    void twoTeams() {
        for (String name : List.of(own, foreign)) {
            route(name);
            consumer(name);
            created(Owned.POLICY.collection(), Owned.POLICY.body.formatted(name));
            created("/v1/consumers/" + name + "/keys", "{\"name\": \"first\"}");
            created("/v1/teams", """
                    {"name": "%1$s", "consumers": ["%1$s"], "services": ["%1$s"], "routes": ["%1$s"], "member_tags": ["of-%1$s"]}""".formatted(name));
        }
        token = token("operator", own);
    }

    private static String token(String role, String team) {
        return created("/v1/tokens", """
                {"subject": "somebody", "roles": ["%s"], "teams": ["%s"]}""".formatted(role, team)).path("token");
    }

    private RequestSpecification member() {
        return with(token);
    }

    private static String id(String path) {
        return admin().get(path).then().statusCode(200).extract().path("id");
    }

    @ParameterizedTest
    @EnumSource
    void list_hasWhatTheTeamHas(Owned noun) {
        Response seen = member().get(noun.collection() + "?limit=500");
        seen.then().statusCode(200).body("items.name", hasItem(own)).body("items.name", not(hasItem(foreign)));
        if (noun != Owned.POLICY) {
            seen.then().body("items.name", contains(own));
        }
        with(token("operator", foreign))
                .get(noun.collection() + "?limit=500")
                .then()
                .body("items.name", hasItem(foreign))
                .body("items.name", not(hasItem(own)));
    }

    /** To the letter the answer that there is where nothing is. */
    @ParameterizedTest
    @EnumSource
    void object_ofSomebodyElse_isNotThere(Owned noun) {
        String absent = unique("absent");
        for (String nameOrId : List.of(foreign, id(noun.at(foreign)))) {
            Response read = member().get(noun.at(nameOrId));
            read.then().statusCode(404);
            assertThat(read.asString().replace(nameOrId, absent))
                    .isEqualTo(member().get(noun.at(absent)).asString());
            Response deleted = member().header("If-Match", "*").delete(noun.at(nameOrId));
            deleted.then().statusCode(404);
            assertThat(deleted.asString()).isEqualTo(read.asString());
        }
        String body = noun.body.formatted(own).replaceFirst(own, foreign);
        member().body(body).put(noun.at(id(noun.at(foreign)))).then().statusCode(404);
        // Whoever expects something to be there is told that nothing is.
        member().header("If-Match", "*").body(body).put(noun.at(foreign)).then().statusCode(412);
        member().header("If-Match", "*").body(body).put(noun.at(absent)).then().statusCode(412);
        admin().get(noun.at(foreign)).then().statusCode(200);
    }

    /** Names are one for all teams: that one is taken is told, and nothing else. */
    @ParameterizedTest
    @EnumSource
    void name_ofSomebodyElse_isTaken(Owned noun) {
        String wanted = noun.body.formatted(own).replaceFirst(own, foreign);
        String id = id(noun.at(foreign));
        for (Response answer : List.of(
                member().body(wanted).post(noun.collection()),
                member().body(wanted).put(noun.at(foreign)))) {
            answer.then().statusCode(409).body("detail", equalTo("the name " + foreign + " is taken"));
            assertThat(answer.asString()).doesNotContain(id);
        }
    }

    @ParameterizedTest
    @EnumSource
    void object_ofTheTeam_canBeReadChangedAndDeleted(Owned noun) {
        String path = noun.at(own);
        Response read = member().get(path);
        read.then().statusCode(200);
        member().header("If-Match", read.header("ETag"))
                .body(noun.body.formatted(own).replaceFirst("\\{", "{\"tags\": [\"changed\"], "))
                .put(path)
                .then()
                .statusCode(200)
                .body("tags", contains("changed"));
        if (noun != Owned.SERVICE) {
            member().header("If-Match", "*").delete(path).then().statusCode(204);
        } else {
            member().header("If-Match", "*")
                    .delete(path)
                    .then()
                    .statusCode(409)
                    .body("detail", equalTo("service " + own + " is in use"));
        }
    }

    @Test
    void newObject_becomesAMember_andIsForgottenWhenItIsGone() {
        String name = unique("new");
        for (Owned noun : Owned.values()) {
            Response made = noun == Owned.ROUTE
                    ? member().body(noun.body.formatted(name)).put(noun.at(name))
                    : member().body(noun.body.formatted(name)).post(noun.collection());
            made.then().statusCode(201);
            member().get(noun.at(name)).then().statusCode(200);
            with(token("operator", foreign)).get(noun.at(name)).then().statusCode(404);
        }
        String team = "/v1/teams/" + own;
        admin().get(team)
                .then()
                .body("consumers", hasItem(name))
                .body("services", hasItem(name))
                .body("routes", hasItem(name));
        long revision = AdminClient.revision();
        admin().get("/v1/revisions/" + revision).then().body("summary", containsString("create policy " + name));
        admin().header("If-Match", "*").delete("/v1/routes/" + name).then().statusCode(204);
        admin().get(team).then().body("routes", contains(own)).body("services", hasItem(name));
        assertThat(Database.count("select count(*) from team_member where object_kind = 'route' and team_id = '"
                        + id(team) + "'"))
                .isEqualTo(1);
    }

    @Test
    void reference_toSomebodyElses_isOneToNothing() {
        String name = unique("new");
        String route = Owned.ROUTE.body.formatted(name).replace("\"service\": \"" + name, "\"service\": \"" + foreign);
        Response refused = member().body(route).post("/v1/routes");
        refused.then().statusCode(422).body("errors.pointer", contains("/service"));
        assertThat(refused.asString().replace(foreign, "x"))
                .isEqualTo(member().body(route.replace(foreign, "x"))
                        .post("/v1/routes")
                        .asString());
        String policy = Owned.POLICY.body.formatted(name);
        member().body(policy.replace("\"consumer\": \"" + name, "\"consumer\": \"" + foreign))
                .post("/v1/policies")
                .then()
                .statusCode(422)
                .body("errors.pointer", contains("/attachment/consumer"));
    }

    @Test
    void keysAndSubscriptions_areThoseOfTheConsumer() {
        plan("teams");
        for (String what : List.of("keys", "subscriptions")) {
            String body = what.equals("keys") ? "{\"name\": \"second\"}" : "{\"plan\": \"teams\"}";
            Response made = member().body(body).post("/v1/consumers/" + own + "/" + what);
            made.then().statusCode(201);
            String path = "/v1/consumers/" + own + "/" + what + "/" + made.path("id");
            member().get(path).then().statusCode(200);
            member().get("/v1/consumers/" + own + "/" + what).then().body("items.id", hasItem(made.<String>path("id")));
            member().header("If-Match", "*").delete(path).then().statusCode(204);
            member().get("/v1/consumers/" + foreign + "/" + what).then().statusCode(404);
            member().body(body)
                    .post("/v1/consumers/" + foreign + "/" + what)
                    .then()
                    .statusCode(404);
        }
        member().get("/v1/consumers/" + foreign + "/keys/first").then().statusCode(404);
        member().header("If-Match", "*")
                .delete("/v1/consumers/" + foreign + "/keys/first")
                .then()
                .statusCode(404);
        member().header("If-Match", "*")
                .body("{\"name\": \"third\"}")
                .put("/v1/consumers/" + foreign + "/keys/first")
                .then()
                .statusCode(404);
    }

    @Test
    void keysOfTheTeam_areRotatedImportedAndIssuedByTheThousand_andNoOthers() {
        Response rotated =
                member().body("{\"overlap_seconds\": 60}").post("/v1/consumers/" + own + "/keys/first/rotate");
        rotated.then().statusCode(201).body("name", equalTo("first"));
        member().get("/v1/consumers/" + own + "/keys/" + rotated.path("id"))
                .then()
                .statusCode(200);
        String secret = unique("partner-key-of-another-gateway-0123456789");
        member().body("{\"name\": \"old\", \"secret\": \"" + secret + "\"}")
                .post("/v1/consumers/" + own + "/keys/import")
                .then()
                .statusCode(201)
                .body("name", equalTo("old"));
        String order = "{\"consumer\": \"%s\", \"key\": {\"name\": \"many\"}}";
        member().body("{\"keys\": [" + order.formatted(own) + "]}")
                .post("/v1/keys")
                .then()
                .statusCode(201);

        member().body("{}")
                .post("/v1/consumers/" + foreign + "/keys/first/rotate")
                .then()
                .statusCode(404);
        member().body("{\"name\": \"taken\", \"secret\": \"" + unique("another-partner-key-0123456789abcdef") + "\"}")
                .post("/v1/consumers/" + foreign + "/keys/import")
                .then()
                .statusCode(404);
        // All or none: and to the letter as if there were no such consumer.
        Response mixed = member().body("{\"keys\": ["
                        + order.replace("many", "more").formatted(own) + ", " + order.formatted(foreign) + "]}")
                .post("/v1/keys");
        mixed.then().statusCode(422).body("errors.pointer", contains("/keys/1/consumer"));
        member().get("/v1/consumers/" + own + "/keys/more").then().statusCode(404);
        String absent = unique("absent");
        assertThat(member().body("{\"keys\": [" + order.formatted(absent) + "]}")
                        .post("/v1/keys")
                        .asString()
                        .replace(absent, foreign)
                        .replace("/keys/0/", "/keys/1/"))
                .contains(mixed.<String>path("errors[0].detail"));
        with(token("auditor", own))
                .body("{}")
                .post("/v1/consumers/" + own + "/keys/first/rotate")
                .then()
                .statusCode(403);
    }

    @Test
    void policies_thatAreEverybodys_canBeReadAndNotWritten() {
        plan(own);
        for (String attachment : List.of("{}", "{\"plan\": \"" + own + "\"}")) {
            String name = unique("common");
            // Switched off: in one place there is at most one of a type.
            String body = """
                    {"name": "%s", "type": "rate-limit", "enabled": false, "attachment": %s,
                     "rate_limit": {"windows": [{"requests": 10, "window_seconds": 60}]}}""".formatted(name, attachment);
            created("/v1/policies", body);
            String path = "/v1/policies/" + name;
            member().get(path).then().statusCode(200);
            member().get("/v1/policies?limit=500").then().body("items.name", hasItem(name));
            member().header("If-Match", "*")
                    .body(body.replace("10", "11"))
                    .put(path)
                    .then()
                    .statusCode(403)
                    .body("detail", containsString("everybody"));
            member().header("If-Match", "*").delete(path).then().statusCode(403);
            member().body(body.replace(name, unique("common")))
                    .post("/v1/policies")
                    .then()
                    .statusCode(403);
            // Nor can an own one become everybody's, nor one of everybody's an own one.
            member().header("If-Match", "*")
                    .body(body.replace(name, own))
                    .put("/v1/policies/" + own)
                    .then()
                    .statusCode(403);
            member().header("If-Match", "*")
                    .body(body.replace(attachment, "{\"route\": \"" + own + "\"}"))
                    .put(path)
                    .then()
                    .statusCode(403);
        }
    }

    @Test
    void plan_isReadWithoutWhatIsSomebodyElses() {
        String name = unique("plan");
        put("/v1/plans/" + name, """
                {"name": "%s", "routes": ["%2$s", "%3$s"], "services": ["%2$s", "%3$s"]}""".formatted(name, own, foreign)).then().statusCode(201);
        member().get("/v1/plans/" + name)
                .then()
                .statusCode(200)
                .body("routes", contains(own))
                .body("services", contains(own));
        Response listed = member().get("/v1/plans?limit=500");
        listed.then().body("items.name", hasItem(name));
        assertThat(listed.asString()).doesNotContain(foreign);
        admin().get("/v1/plans/" + name).then().body("routes.size()", equalTo(2));
    }

    @Test
    void member_byTag_isOneAsLongAsItCarriesTheTag() {
        String name = unique("tagged");
        created("/v1/consumers", "{\"name\": \"%s\", \"tags\": [\"of-%s\"]}".formatted(name, own));
        String path = "/v1/consumers/" + name;
        member().get(path).then().statusCode(200);
        member().get("/v1/consumers").then().body("items.name", hasItem(name));
        // Whoever is limited cannot put it out of the team by mistake ...
        member().header("If-Match", "*")
                .body("{\"name\": \"" + name + "\"}")
                .put(path)
                .then()
                .statusCode(403);
        // ... but whoever is not can.
        admin().header("If-Match", etag(path))
                .body("{\"name\": \"" + name + "\"}")
                .put(path)
                .then()
                .statusCode(200);
        member().get(path).then().statusCode(404);
        member().get("/v1/consumers").then().body("items.name", not(hasItem(name)));
    }

    static Stream<String> operationsNotForTeams() {
        return PublishedContract.read().operations().stream()
                .filter(operation -> !operation.forTeams())
                .map(PublishedContract.Operation::id);
    }

    @ParameterizedTest
    @MethodSource("operationsNotForTeams")
    void operation_thatIsNotForTeams_is403WithEveryRole(String id) {
        PublishedContract.Operation operation = PublishedContract.read().operation(id);
        String all = created("/v1/tokens", """
                {"subject": "somebody", "roles": ["admin", "operator", "auditor", "billing"], "teams": ["%s"]}""".formatted(own)).path("token");
        with(all)
                .body("{}")
                .request(operation.method(), operation.anyPath())
                .then()
                .statusCode(403)
                .body("detail", containsString("limited to teams"));
    }

    @Test
    void team_isReadByItsMembersOnly() {
        member().get("/v1/teams").then().statusCode(200).body("items.name", contains(own));
        member().get("/v1/teams/" + foreign).then().statusCode(404);
    }

    @Test
    void token_showsItsTeams_andKeepsThemWithoutItsRow() throws SQLException {
        Response issued = created("/v1/tokens", """
                {"subject": "somebody", "roles": ["operator"], "teams": ["%s"]}""".formatted(own));
        String path = "/v1/tokens/" + issued.path("id");
        admin().get(path).then().body("teams", contains(own));
        admin().get("/v1/tokens/"
                        + created("/v1/tokens", "{\"subject\": \"a\", \"roles\": [\"operator\"]}")
                                .path("id"))
                .then()
                .body("teams", nullValue());
        Database.update("delete from admin_token where id = '" + issued.path("id") + "'");
        with(issued.path("token")).get("/v1/services").then().body("items.name", contains(own));
        admin().get(path).then().body("teams", contains(own));
        post("/v1/tokens", "{\"subject\": \"a\", \"roles\": [\"operator\"], \"teams\": [\"nobody\"]}")
                .then()
                .statusCode(422)
                .body("errors.pointer", contains("/teams/0"));
    }

    @Test
    void team_thatATokenNames_stays() {
        String team = unique("team");
        created("/v1/teams", "{\"name\": \"" + team + "\"}");
        Response issued = created("/v1/tokens", """
                {"name": "of a team", "subject": "a", "roles": ["operator"], "teams": ["%s"]}""".formatted(team));
        with(issued.path("token")).get("/v1/services").then().body("items", empty());
        admin().header("If-Match", "*")
                .delete("/v1/teams/" + team)
                .then()
                .statusCode(409)
                .body("detail", containsString("token of a team"));
        admin().delete("/v1/tokens/" + issued.path("id")).then().statusCode(204);
        admin().header("If-Match", "*").delete("/v1/teams/" + team).then().statusCode(204);
    }

    @Test
    void tokens_ofAnotherIssuer_areLimitedByTheirClaims() {
        try (OidcProvider provider = new OidcProvider()) {
            String issuer = unique("staff");
            created("/v1/admin-issuers", """
                    {"name": "%s", "issuer": "%s", "audiences": ["%s"],
                     "roles": [{"claim": "access/groups", "value": "operators", "role": "operator"}],
                     "teams": [{"claim": "access/groups", "value": "pets", "team": "%s"},
                               {"claim": "access/groups", "value": "platform", "team": "*"}]}""".formatted(issuer, provider.issuer(), OidcProvider.AUDIENCE, own))
                    .then()
                    .body("teams.team", contains(own, "*"));
            with(provider.token("operators", "pets")).get("/v1/services").then().body("items.name", contains(own));
            with(provider.token("operators", "platform"))
                    .get("/v1/services?limit=500")
                    .then()
                    .body("items.name", hasItem(foreign));
            String none = provider.token("operators");
            with(none).get("/v1/services").then().statusCode(200).body("items", empty());
            with(none)
                    .body("{\"name\": \"" + unique("new") + "\"}")
                    .post("/v1/consumers")
                    .then()
                    .statusCode(403);
            admin().header("If-Match", "*")
                    .delete("/v1/teams/" + own)
                    .then()
                    .statusCode(409)
                    .body("detail", containsString("admin-issuer " + issuer));
            admin().header("If-Match", "*")
                    .delete("/v1/admin-issuers/" + issuer)
                    .then()
                    .statusCode(204);
        }
    }
}
