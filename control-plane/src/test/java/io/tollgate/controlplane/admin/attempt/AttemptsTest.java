package io.tollgate.controlplane.admin.attempt;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.agroal.api.AgroalDataSource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.tollgate.controlplane.EmbeddedPostgresResource;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

/** Strangers at the running admin API: an application of its own, since they all come from one address. */
@QuarkusTest
@TestProfile(AttemptsTest.Alone.class)
@QuarkusTestResource(EmbeddedPostgresResource.class)
class AttemptsTest {
    /** Nothing but another application. */
    public static final class Alone implements QuarkusTestProfile {}

    private static final int FLOOD = 500;

    @Inject
    Attempts attempts;

    @Inject
    AgroalDataSource database;

    private long number(String sql) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }

    @Test
    void strangers_thatFlood_areAllCountedInFewRows() throws SQLException {
        given().header("User-Agent", "stranger/1")
                .header("X-Forwarded-For", "192.0.2.1")
                .urlEncodingEnabled(false)
                .get("/v1/consumers/acme%00")
                .then()
                .statusCode(401);
        assertThat(number("""
                select count(*) from audit where actor = 'anonymous' and roles = '' and issuer is null and status = 401
                and outcome = 'refused' and client_address = '127.0.0.1' and user_agent = 'stranger/1' and action = 'getConsumer'
                and object_kind = 'consumer' and object_name = 'acme?' and attempts = 1 and request_id is not null""")).isEqualTo(1);
        for (int i = 1; i < FLOOD; i++) {
            given().header("Authorization", "Bearer guess-" + i)
                    .delete("/v1/consumers/acme-" + i)
                    .then()
                    .statusCode(401);
        }
        assertThat(number("select count(*) from audit where status = 401")).isBetween(20L, 25L);
        attempts.tell();
        assertThat(number("select count(*) from audit where status = 401")).isBetween(21L, 30L);
        assertThat(number("select sum(attempts) from audit where status = 401")).isEqualTo(FLOOD);
        assertThat(number("select count(*) from audit where action = 'attempts' and last_at is not null"))
                .isPositive();
        assertThat(number("select count(*) from audit a where a::text like '%guess-%'"))
                .isZero();
    }
}
