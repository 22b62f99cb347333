package io.tollgate.controlplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import jakarta.persistence.Entity;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.hibernate.boot.MetadataSources;
import org.hibernate.boot.registry.StandardServiceRegistry;
import org.hibernate.boot.registry.StandardServiceRegistryBuilder;
import org.hibernate.tool.schema.spi.SchemaManagementException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The migrations on an empty PostgreSQL, and the entities against what they make. */
class MigrationTest {
    private static final String MIGRATED = "migrated";

    private static final List<Class<?>> ENTITIES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("io.tollgate.controlplane").stream()
                    .filter(type -> type.isAnnotatedWith(Entity.class))
                    .<Class<?>>map(type -> type.reflect())
                    .toList();

    private static EmbeddedPostgres postgres;

    @BeforeAll
    static void anEmptyDatabaseIsMigrated() throws IOException, SQLException {
        postgres = EmbeddedPostgres.builder().start();
        execute("create database " + MIGRATED);
        assertThat(flyway(MIGRATED).migrate().migrationsExecuted).isPositive();
    }

    @AfterAll
    static void stop() throws IOException {
        postgres.close();
    }

    private static void execute(String sql) throws SQLException {
        execute(postgres.getPostgresDatabase(), sql);
    }

    private static void execute(DataSource database, String sql) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static Flyway flyway(String database) {
        return Flyway.configure()
                .dataSource(postgres.getDatabase("postgres", database))
                .locations("classpath:db/migration")
                .load();
    }

    @Test
    void migrate_again_findsNothingToDoAndNothingChanged() {
        Flyway flyway = flyway(MIGRATED);
        assertThat(flyway.migrate().migrationsExecuted).isZero();
        assertThatCode(flyway::validate).doesNotThrowAnyException();
        assertThat(flyway.info().pending()).isEmpty();
    }

    @Test
    void newestMigration_isTheOneThatThisBinaryKnows() throws StartRefused {
        String current = flyway(MIGRATED).info().current().getVersion().getVersion();
        assertThat(Integer.parseInt(current)).isEqualTo(KnownMigrations.newest());
    }

    @Test
    void entities_fitWhatTheMigrationsMake() {
        assertThat(ENTITIES).hasSizeGreaterThan(10);
        assertThatCode(() -> validate(MIGRATED)).doesNotThrowAnyException();
    }

    /** That a difference would be seen: in a plain column, an array, a document, a moment, an id, a table beside the entity's own. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "alter table route drop column rewrite",
                "alter table route alter column hosts type text using ''",
                "alter table route alter column paths type text",
                "alter table credential alter column expires_at type text",
                "alter table subscription alter column plan_id type text",
                "drop table plan_route"
            })
    void entities_againstAnotherSchema_areRefused(String drift) throws SQLException {
        String database = "drift_" + Integer.toHexString(drift.hashCode());
        execute("create database " + database + " template " + MIGRATED);
        DataSource changed = postgres.getDatabase("postgres", database);
        if (drift.contains("plan_id")) {
            execute(changed, "alter table subscription drop constraint subscription_plan_id_fkey");
        }
        execute(changed, drift);
        assertThatThrownBy(() -> validate(database)).isInstanceOf(SchemaManagementException.class);
    }

    private static void validate(String database) {
        StandardServiceRegistry registry = new StandardServiceRegistryBuilder()
                .applySetting("hibernate.connection.url", postgres.getJdbcUrl("postgres", database))
                .applySetting("hibernate.hbm2ddl.auto", "validate")
                .applySetting("hibernate.bytecode.provider", "none")
                .build();
        try {
            MetadataSources sources = new MetadataSources(registry);
            ENTITIES.forEach(sources::addAnnotatedClass);
            sources.buildMetadata().buildSessionFactory().close();
        } finally {
            StandardServiceRegistryBuilder.destroy(registry);
        }
    }
}
