package org.vivarium.core.admission;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.vivarium.core.breaker.CircuitBreaker;
import org.vivarium.core.call.Call;
import org.vivarium.core.call.CallPath;
import org.vivarium.core.program.ProgramCatalog;

/**
 * How a call passes the circuit breaker of its program, for the first time or again. Between two attempts it keeps its
 * turn in the session, so that the session sees no other order, but neither permit nor slot. Thread safe.
 */
final class Retrier implements AutoCloseable {
    private final CallPath path;
    private final Admission admission;
    private final ProgramCatalog catalog;
    private final RetryDelays delays;

    Retrier(CallPath path, Admission admission) {
        this.path = path;
        this.admission = admission;
        this.catalog = path.programs().catalog();
        this.delays = new RetryDelays(path.parts().timer());
    }

    /** Lets the call in, or refuses it because the breaker is open. */
    void letIn(Call call, CircuitBreaker breaker) {
        long epoch = breaker.isClosed() ? breaker.enter() : call.logged().during(breaker::enter);
        if (epoch == CircuitBreaker.REFUSED) {
            throw path.ledger().ended(call, path.failures().breakerOpen(call, breaker.snapshot()));
        }
        call.letIn(breaker, epoch);
    }

    /**
     * Waits for {@code pause} and then for what the call needs to be retried.
     *
     * @return completes once it has all, exceptionally with the failure of the call
     */
    CompletableFuture<Void> again(Call call, CallPermits held, Duration pause) {
        held.pause();
        CompletableFuture<Void> over = delays.begin(pause);
        admission.waiting().waits(call, () -> over.cancel(false));
        return over.handle((done, cancelled) -> {
                    admission.waiting().waits(call, null);
                    if (cancelled != null) {
                        throw admission.cancelled(call);
                    }
                    prepare(call);
                    return null;
                })
                .thenCompose(prepared -> admission.takePermit(call, held));
    }

    private void prepare(Call call) {
        call.retry(path.nanos());
        ProgramCatalog.Entry entry = catalog.find(call.program());
        if (entry != null) {
            letIn(call, entry.breaker());
        }
    }

    @Override
    public void close() {
        delays.close();
    }
}
