package org.vivarium.adapter.history;

import java.sql.Statement;
import java.util.List;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.migration.Context;
import org.flywaydb.core.api.migration.JavaMigration;
import org.vivarium.core.history.HistoryException;

/** Brings the tables to the form that this version of the service needs. */
final class Migrations {
    private static final String TABLE = "vivarium_schema_history";

    private Migrations() {}

    /**
     * Makes or changes what is missing.
     *
     * @throws HistoryException if that is not possible, or the tables were made by a later version
     */
    static void bring(DataSource source, Dialect dialect) throws HistoryException {
        try {
            Flyway.configure(Migrations.class.getClassLoader())
                    .dataSource(source)
                    .table(TABLE)
                    .locations(new String[0]) // nothing is looked for on the class path
                    .javaMigrations(new FirstTables(dialect))
                    .ignoreMigrationPatterns(new String[0]) // not even those of later versions
                    .baselineOnMigrate(true) // a schema that others use as well
                    .baselineVersion("0")
                    .load()
                    .migrate();
        } catch (FlywayException e) {
            throw new HistoryException("the tables of the history store cannot be made: " + firstLine(e), e);
        }
    }

    private static String firstLine(FlywayException e) {
        return String.valueOf(e.getMessage())
                .lines()
                .filter(line -> !line.isBlank())
                .findFirst()
                .orElse("");
    }

    /** Points and events. */
    private static final class FirstTables implements JavaMigration {
        private final List<String> statements;

        FirstTables(Dialect dialect) {
            this.statements = List.of(
                    """
                    create table vivarium_points (
                      pool varchar(64) not null,
                      seconds integer not null,
                      started timestamp with time zone not null,
                      calls bigint not null,
                      errors bigint not null,
                      utilization double precision,
                      most_waiting integer not null,
                      total_p50_millis double precision,
                      total_p99_millis double precision,
                      content %s not null
                    )
                    """.formatted(dialect.bytes()),
                    "create index vivarium_points_by_time on vivarium_points (pool, seconds, started)",
                    """
                    create table vivarium_events (
                      happened timestamp with time zone not null,
                      pool varchar(64) not null,
                      type varchar(64) not null,
                      subject varchar(200) not null,
                      details varchar(4000) not null
                    )
                    """,
                    "create index vivarium_events_by_time on vivarium_events (happened)",
                    "create index vivarium_events_by_pool on vivarium_events (pool, happened)");
        }

        @Override
        public MigrationVersion getVersion() {
            return MigrationVersion.fromVersion("1");
        }

        @Override
        public String getDescription() {
            return "points and events";
        }

        @Override
        public Integer getChecksum() {
            return statements.hashCode(); // of texts, the same in every run
        }

        @Override
        public boolean canExecuteInTransaction() {
            return true;
        }

        @Override
        public void migrate(Context context) throws Exception {
            try (Statement statement = context.getConnection().createStatement()) {
                for (String each : statements) {
                    statement.execute(each);
                }
            }
        }
    }
}
