package io.tollgate.controlplane.settings;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;

/** What a migration makes of the rows that are there. */
class UpgradeTest {
    private static final String SERVICE = "00000000-0000-0000-0000-000000000001";
    private static final String ROUTE = "00000000-0000-0000-0000-000000000002";

    @Test
    void migrate_routesWithOneService_keepsThemAsTheOnesThatUseIt() throws IOException, SQLException {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.builder().start();
                Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            migrate(postgres, "1");
            statement.execute("insert into service values ('" + SERVICE + "', 'old', true, 1, 2, 3, false, '',"
                    + " '[{\"host\": \"b\", \"port\": 2, \"weight\": 9}]', '{}', 1, now(), now())");
            statement.execute("insert into route values ('" + ROUTE + "', 'old', true, '" + SERVICE + "', '{}',"
                    + " '[{\"type\": \"prefix\", \"value\": \"/\"}]', '{}', null, '{}', 1, now(), now())");
            migrate(postgres, "latest");

            try (ResultSet row = statement.executeQuery("select route_id, service_id from route_uses_service")) {
                assertThat(row.next()).isTrue();
                assertThat(row.getString(1)).isEqualTo(ROUTE);
                assertThat(row.getString(2)).isEqualTo(SERVICE);
                assertThat(row.next()).isFalse();
            }
        }
    }

    private static void migrate(EmbeddedPostgres postgres, String version) {
        Flyway.configure()
                .dataSource(postgres.getPostgresDatabase())
                .locations("classpath:db/migration")
                .target(version)
                .load()
                .migrate();
    }
}
