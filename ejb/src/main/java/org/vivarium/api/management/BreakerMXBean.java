package org.vivarium.api.management;

/** The circuit breaker of one program; registered as {@code vivarium:type=Breaker,pool=<name>,program=<name>}. */
@Description("The circuit breaker of one program, which refuses its calls while it keeps failing.")
@AttributeOrder({"State", "Rejected", "Failures", "SinceMillis"})
public interface BreakerMXBean {

    @Description("CLOSED, OPEN or HALF_OPEN.")
    String getState();

    @Description("Failures of the program in a row.")
    @Unit("failures")
    int getFailures();

    @Description("How long the breaker has been in its state; NaN if it was never in another.")
    @Unit("ms")
    double getSinceMillis();

    @Description("Calls that the breaker has refused.")
    @Unit("calls")
    long getRejected();

    @Description("Opens the breaker: calls of the program are refused until close().")
    @Impact(Impact.Kind.ACTION)
    void open();

    @Description("Closes the breaker, whether it opened by itself or by hand.")
    @Impact(Impact.Kind.ACTION)
    void close();
}
