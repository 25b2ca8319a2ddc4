package org.vivarium.api.operation;

/** The text formats in which Prometheus and others read metrics. */
public enum MetricsFormat {
    /** The text format of Prometheus. */
    PROMETHEUS("text/plain", "0.0.4"),
    /** The text format of OpenMetrics. */
    OPEN_METRICS("application/openmetrics-text", "1.0.0");

    private final String type;
    private final String version;

    MetricsFormat(String type, String version) {
        this.type = type;
        this.version = version;
    }

    /** Returns its media type without parameters. */
    public String type() {
        return type;
    }

    /** Returns its version, the parameter {@code version} of the media type. */
    public String version() {
        return version;
    }

    /** Returns its media type with version and character set. */
    public String mediaType() {
        return type + "; version=" + version + "; charset=utf-8";
    }
}
