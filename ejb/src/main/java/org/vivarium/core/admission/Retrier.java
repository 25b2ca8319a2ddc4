package org.vivarium.core.admission;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.vivarium.api.PythonException;
import org.vivarium.core.breaker.CircuitBreaker;
import org.vivarium.core.call.Call;
import org.vivarium.core.call.CallPath;
import org.vivarium.core.dispatch.NoSlotException;
import org.vivarium.core.program.ProgramCatalog;

/**
 * How a call comes past the circuit breaker of its program, for the first time or again. Between two tries it keeps its
 * turn in the session, so that the session sees no other order, but neither permit nor slot. Thread safe.
 */
final class Retrier implements AutoCloseable {
    private final CallPath path;
    private final Admission admission;
    private final ProgramCatalog catalog;
    private final RetryDelays pauses = new RetryDelays();

    Retrier(CallPath path, Admission admission, ProgramCatalog catalog) {
        this.path = path;
        this.admission = admission;
        this.catalog = catalog;
    }

    /** Lets the call in, or refuses it because the breaker is open. */
    void letIn(Call call, CircuitBreaker breaker) {
        long epoch = breaker.isClosed() ? breaker.enter() : call.logged().during(breaker::enter);
        if (epoch == CircuitBreaker.REFUSED) {
            throw path.ledger().ended(call, path.failures().breakerOpen(call, breaker.picture()));
        }
        call.letIn(breaker, epoch);
    }

    /** Waits for {@code pause} and then for what the call needs to be made again. */
    void await(Call call, CallPermits held, Duration pause) {
        held.pause();
        try {
            pauses.await(pause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw admission.refused(call, NoSlotException.Reason.INTERRUPTED);
        }
        prepare(call);
        admission.takePermit(call, held);
    }

    /** Likewise, without holding a thread; tells {@code then} a failure, or none. */
    void awaitAsync(Call call, CallPermits held, Duration pause, Consumer<@Nullable PythonException> then) {
        held.pause();
        CompletableFuture<?> unused = pauses.begin(pause).thenRun(() -> {
            try {
                prepare(call);
            } catch (PythonException e) {
                then.accept(e);
                return;
            }
            admission.takePermitAsync(call, held, then);
        });
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
        pauses.close();
    }
}
