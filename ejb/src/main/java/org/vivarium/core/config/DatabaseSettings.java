package org.vivarium.core.config;

/**
 * Where history is kept that outlives the process; read when the service starts, from files, properties and variables
 * only.
 *
 * @param enabled whether it is kept at all
 * @param url address of a database, such as {@code jdbc:postgresql://host/name}; empty for a file in the home directory
 * @param user of that address
 * @param password of that address; never shown
 * @param dataSource JNDI name of a data source of the server; empty for none
 */
public record DatabaseSettings(boolean enabled, String url, String user, String password, String dataSource) {
    /** What holds if nothing is configured: a file in the home directory. */
    public static final DatabaseSettings STANDARD = new DatabaseSettings(true, "", "", "", "");

    /** Shows everything but the password, and the address without its parameters, which may have one. */
    @Override
    public String toString() {
        return "DatabaseSettings[%s, url %s, user %s, data source %s]"
                .formatted(enabled ? "enabled" : "disabled", url.split("[?;]", 2)[0], user, dataSource);
    }
}
