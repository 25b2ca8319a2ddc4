package org.vivarium.core.admission;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.jspecify.annotations.Nullable;
import org.vivarium.api.CallContext;
import org.vivarium.api.CallOptions;
import org.vivarium.api.Payload;
import org.vivarium.core.call.Call;
import org.vivarium.core.call.CallPath;
import org.vivarium.core.call.CallRequest;
import org.vivarium.core.config.PoolParameter;
import org.vivarium.core.config.PoolSettings;
import org.vivarium.core.program.ProgramCatalog;
import org.vivarium.core.protocol.CallFrame;
import org.vivarium.core.protocol.Flags;
import org.vivarium.core.trace.CallSpan;
import org.vivarium.core.trace.CallTracer;

/** Makes calls of what callers ask for: options checked, deadline and frame known, a span begun. Thread safe. */
final class CallPreparation {
    private final CallPath path;
    private final ProgramCatalog catalog;
    private final Retrier retrier;

    CallPreparation(CallPath path, Retrier retrier) {
        this.path = path;
        this.catalog = path.programs().catalog();
        this.retrier = retrier;
    }

    /** Returns a call that has begun, by its rights; an exception if it may not begin. */
    Call prepare(String program, Payload inputs, CallOptions given) {
        long now = path.nanos();
        PoolSettings settings = path.parts().store().current();
        ProgramCatalog.Entry entry = catalog.find(program);
        byte[] utf8 = entry == null ? unlisted(program) : entry.utf8();
        CallOptions options = checked(given);
        CallTracer tracer = path.parts().telemetry().tracer();
        CallSpan span = tracer == null ? null : tracer.begin(path.parts().name(), program, options.context());
        if (span != null) {
            options = options.withContext(span.context());
        }
        long timeout = timeoutNanos(options, entry, settings);
        CallRequest request = new CallRequest(
                path.parts().name(),
                program,
                options,
                now,
                now + timeout,
                timeoutNanos(CallOptions.DEFAULT, entry, settings),
                settings.nanos(PoolParameter.CHECKOUT_TIMEOUT));
        CallFrame frame = new CallFrame(utf8, CallFrame.context(options.context()), inputs);
        if (options.progress() != null) {
            frame = frame.withWelcome(Flags.PROGRESS_WELCOME);
        }
        Call call = new Call(request, frame, path.parts().results());
        call.traced(span);
        path.ledger().began(call);
        if (entry != null) {
            retrier.letIn(call, entry.breaker());
        }
        return call;
    }

    private CallOptions checked(CallOptions given) {
        CallContext context = path.parts().telemetry().checked(given.context());
        return context.equals(given.context()) ? given : given.withContext(context);
    }

    private static long timeoutNanos(CallOptions options, ProgramCatalog.@Nullable Entry entry, PoolSettings settings) {
        if (options.timeout() != null) {
            return options.timeout().toNanos();
        }
        long ofProgram = entry == null ? 0 : entry.timeoutNanos();
        return ofProgram == 0 ? settings.nanos(PoolParameter.OPERATION_TIMEOUT) : ofProgram;
    }

    /** Only before any worker was ready nobody knows the programs; then the worker itself answers. */
    private byte[] unlisted(String program) {
        byte[] utf8 = program.getBytes(UTF_8);
        boolean unknown = !catalog.isEmpty() && catalog.find(program) == null; // it may have come since the first look
        if (unknown || program.startsWith("$") || utf8.length > 0xffff) {
            throw path.failures().unknownProgram(program, catalog.names());
        }
        path.disposal().wake(); // no worker was ever ready: maybe because nobody has called yet
        return utf8;
    }
}
