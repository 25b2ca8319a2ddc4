package org.vivarium.adapter.history;

/** In what databases differ. */
enum Dialect {
    H2("varbinary(10000000)"),
    POSTGRESQL("bytea");

    private final String bytes;

    Dialect(String bytes) {
        this.bytes = bytes;
    }

    /** Returns the type of a column of bytes. */
    String bytes() {
        return bytes;
    }
}
