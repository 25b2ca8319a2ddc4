package org.vivarium.api.client;

/**
 * The contract between an application and the service in the same server: one {@code BiFunction<String, Object[],
 * Object>} in JNDI, through which only JDK types pass, so that both sides may have their own copy of every other class.
 *
 * <p>The function takes the name of an operation and its arguments. It throws {@link IllegalStateException} once the
 * service that bound it is gone, and only then; the caller looks it up again.
 */
public final class Bridge {
    /** Where the service binds the function. */
    public static final String JNDI_NAME = "java:global/vivarium/pools";

    /**
     * Calls a program. Arguments: pool ({@code String}), program ({@code String}), inputs ({@code byte[]}, a JSON
     * object, or empty), timeout in ms ({@code Long}, or {@code null} for the pool's), priority ({@code Integer}),
     * context ({@code Map<String, String>}, see {@link org.vivarium.api.CallContext#toMap()}). Answers {@code byte[]},
     * the result as JSON, or a {@code Map<String, Object>}, see {@link org.vivarium.api.ErrorDetails#toMap()}, when the
     * call failed.
     */
    public static final String CALL = "call";

    /** Like {@link #CALL}, but answers a {@code CompletionStage<Object>} of the same. */
    public static final String CALL_ASYNC = "callAsync";

    /** Takes no arguments and answers the names of all pools as {@code String[]}. */
    public static final String POOLS = "pools";

    private Bridge() {}
}
