package org.vivarium.api;

import static org.vivarium.api.ErrorCategory.COMMUNICATION_ERROR;
import static org.vivarium.api.ErrorCategory.PROGRAM_ERROR;
import static org.vivarium.api.ErrorCategory.PROTOCOL_ERROR;
import static org.vivarium.api.ErrorCategory.RESOURCE_ERROR;
import static org.vivarium.api.ErrorCategory.SESSION_ERROR;
import static org.vivarium.api.ErrorCategory.SYSTEM_ERROR;
import static org.vivarium.api.ErrorCategory.TIMEOUT_ERROR;
import static org.vivarium.api.ErrorCategory.VALIDATION_ERROR;
import static org.vivarium.api.ErrorDescriptor.Blame.CALLER;
import static org.vivarium.api.ErrorDescriptor.Blame.EITHER;
import static org.vivarium.api.ErrorDescriptor.Blame.NEITHER;
import static org.vivarium.api.ErrorDescriptor.Blame.NOBODY;
import static org.vivarium.api.ErrorDescriptor.Blame.PROGRAM;
import static org.vivarium.api.ErrorDescriptor.Blame.SERVICE;
import static org.vivarium.api.ErrorDescriptor.Retry.LATER;
import static org.vivarium.api.ErrorDescriptor.Retry.NEVER;
import static org.vivarium.api.ErrorDescriptor.Retry.SOON;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The types of failure that the service itself raises, each described once: HTTP statuses, objectives, circuit
 * breakers, retries, problem documents, OpenAPI and {@code docs/ERRORS.md} are derived from here. A failure may be of
 * another type as well: a program raises whatever it likes.
 *
 * <p>The names are a contract: never rename one.
 */
public enum ErrorType implements ErrorDescriptor {
    // of calls
    CHECKOUT_TIMEOUT(TIMEOUT_ERROR, 503, SOON, SERVICE, "No worker was free within the checkout timeout."),
    CALL_TIMEOUT(TIMEOUT_ERROR, 504, LATER, PROGRAM, "The deadline passed while a worker had the call."),
    SESSION_BUSY(TIMEOUT_ERROR, 504, SOON, NEITHER, "Other calls of the session did not finish in time."),
    KEY_BUSY(TIMEOUT_ERROR, 503, SOON, NEITHER, "No permit of PerKeyLimit or GlobalLimit became free in time."),
    QUEUE_FULL(RESOURCE_ERROR, 503, SOON, SERVICE, "As many calls wait as QueueLimit allows."),
    BREAKER_OPEN(RESOURCE_ERROR, 503, LATER, NEITHER, "The circuit breaker of the program is open."),
    PROGRAM_ISOLATED(
            RESOURCE_ERROR,
            503,
            LATER,
            NEITHER,
            "The program kills workers, and too many of its calls wait for its turn."),
    TOO_MANY_SESSIONS(RESOURCE_ERROR, 503, LATER, SERVICE, "The pool has as many sessions as SessionLimit allows."),
    POOL_DRAINED(RESOURCE_ERROR, 503, LATER, SERVICE, "An operator drained the pool and has not resumed it."),
    POOL_STOPPED(RESOURCE_ERROR, 503, LATER, SERVICE, "The pool has stopped."),
    POOL_FAILED(RESOURCE_ERROR, 503, NEVER, SERVICE, "The pool cannot start as it is configured."),
    SERVICE_UNAVAILABLE(RESOURCE_ERROR, 503, LATER, SERVICE, "The service is not deployed, or is being redeployed."),
    MEMORY_ERROR(RESOURCE_ERROR, 500, LATER, PROGRAM, "The program ran out of the memory that its worker may have."),
    MEMORY_LIMIT_EXCEEDED(
            RESOURCE_ERROR, 500, NEVER, PROGRAM, "The worker was terminated for exceeding HardMemoryMegabytes."),
    CPU_LIMIT_EXCEEDED(RESOURCE_ERROR, 500, NEVER, PROGRAM, "The call used more processor time than CpuLimitMillis."),
    RESULT_TOO_LARGE(RESOURCE_ERROR, 500, NEVER, PROGRAM, "The result does not fit into a frame."),
    RESULT_UNDELIVERED(
            RESOURCE_ERROR,
            500,
            NEVER,
            SERVICE,
            "The program ran, but its result found no room in ResultBudgetMegabytes before the deadline."),
    CHUNK_TOO_LARGE(RESOURCE_ERROR, 500, NEVER, PROGRAM, "A chunk does not fit into a frame."),
    WORKER_LOST(COMMUNICATION_ERROR, 502, LATER, EITHER, "The worker was lost while it had the call."),
    MALFORMED_FRAME(PROTOCOL_ERROR, 502, LATER, EITHER, "The worker sent a malformed response."),
    INTERNAL_ERROR(SYSTEM_ERROR, 500, NEVER, SERVICE, "The service failed unexpectedly."),
    INTERRUPTED(SYSTEM_ERROR, 500, NEVER, NOBODY, "The calling thread was interrupted."),
    CANCELLED(SYSTEM_ERROR, 503, NEVER, NOBODY, "The caller or an operator cancelled the call."),
    UNSERIALIZABLE_RESULT(PROGRAM_ERROR, 500, NEVER, PROGRAM, "The result cannot be expressed in JSON."),
    RESULT_MISMATCH(PROGRAM_ERROR, 500, NEVER, PROGRAM, "The result cannot be read as the type that Java asks for."),
    INVALID_INPUT(VALIDATION_ERROR, 422, NEVER, CALLER, "An input is missing, unknown, or of the wrong type."),
    INVALID_OPTION(VALIDATION_ERROR, 422, NEVER, CALLER, "An option of the call is not allowed."),
    INPUTS_TOO_LARGE(VALIDATION_ERROR, 413, NEVER, CALLER, "The inputs do not fit into a frame."),
    UNKNOWN_POOL(VALIDATION_ERROR, 404, NEVER, CALLER, "There is no such pool."),
    UNKNOWN_PROGRAM(VALIDATION_ERROR, 404, NEVER, CALLER, "The pool has no such program."),
    BOUND_WORKER_BUSY(
            SESSION_ERROR, 409, SOON, NEITHER, "The worker of the session is busy; AffinityMode is strict-fail."),
    UNREADABLE_SESSION(SESSION_ERROR, 409, NEVER, NEITHER, "The saved state of the session cannot be restored."),
    UNSAVABLE_SESSION(SESSION_ERROR, 409, NEVER, NEITHER, "The session holds a value that cannot be saved."),
    SESSION_BUDGET_EXHAUSTED(
            SESSION_ERROR,
            503,
            LATER,
            SERVICE,
            "The session would be new, and the states of the others use SessionBudgetMegabytes."),
    SESSION_TOO_LARGE(
            SESSION_ERROR, 409, NEVER, NEITHER, "The state of the session is larger than SessionStateMegabytes."),

    // of operations
    UNKNOWN_WORKER(VALIDATION_ERROR, 404, NEVER, CALLER, "The pool has no such worker."),
    WORKER_BUSY(RESOURCE_ERROR, 409, SOON, NEITHER, "The worker has no free slot for a command."),
    UNKNOWN_SESSION(VALIDATION_ERROR, 404, NEVER, CALLER, "The pool has no such session."),
    UNKNOWN_CALL(VALIDATION_ERROR, 404, NEVER, CALLER, "No such call is in progress."),
    ROLLOUT_RUNNING(VALIDATION_ERROR, 409, LATER, CALLER, "A rolling restart is already in progress."),
    INVALID_CONFIGURATION(
            VALIDATION_ERROR, 422, NEVER, CALLER, "The configuration, which was read again, has an error."),
    INVALID_VALUE(VALIDATION_ERROR, 422, NEVER, CALLER, "A value is not allowed; the message says what is."),
    CHANGE_NOT_RECORDED(RESOURCE_ERROR, 503, LATER, SERVICE, "The change was not made, because it cannot be recorded."),
    NOT_SAVED(
            RESOURCE_ERROR,
            503,
            LATER,
            SERVICE,
            "Nothing was saved or reverted, because it cannot be kept on the disk."),
    STACKS_NOT_TAKEN(SYSTEM_ERROR, 500, NEVER, SERVICE, "The worker sent no stacks in time."),

    // of requests by HTTP
    MALFORMED_JSON(VALIDATION_ERROR, 400, NEVER, CALLER, "The body is not JSON in UTF-8."),
    BODY_NOT_READ(VALIDATION_ERROR, 400, NEVER, CALLER, "The body could not be read to its end."),
    BODY_TIMEOUT(VALIDATION_ERROR, 408, NEVER, CALLER, "The body did not arrive in time."),
    BODY_NOT_ADMITTED(
            RESOURCE_ERROR,
            503,
            SOON,
            SERVICE,
            "The bodies of other requests use the memory that there is for bodies."),
    IDEMPOTENCY_KEY_REUSED(
            VALIDATION_ERROR, 422, NEVER, CALLER, "The Idempotency-Key was used for another call before."),
    ANSWER_NOT_KEPT(
            VALIDATION_ERROR,
            409,
            NEVER,
            CALLER,
            "The call of this Idempotency-Key has run, but its answer was not kept."),
    BAD_PATH(VALIDATION_ERROR, 400, NEVER, CALLER, "The path has empty segments, dots, or encoded slashes."),
    UNAUTHORIZED(VALIDATION_ERROR, 401, NEVER, CALLER, "Not logged in, or the name or password is wrong."),
    FORBIDDEN(VALIDATION_ERROR, 403, NEVER, CALLER, "The roles of the user do not permit it."),
    FOREIGN_SITE(VALIDATION_ERROR, 403, NEVER, CALLER, "The request to change something comes from another site."),
    NOT_FOUND(VALIDATION_ERROR, 404, NEVER, CALLER, "There is nothing at this path."),
    METHOD_NOT_ALLOWED(VALIDATION_ERROR, 405, NEVER, CALLER, "The path does not take this method."),
    NOT_ACCEPTABLE(VALIDATION_ERROR, 406, NEVER, CALLER, "The Accept header excludes the response."),
    BODY_TOO_LARGE(VALIDATION_ERROR, 413, NEVER, CALLER, "The body is longer than its limit."),
    UNSUPPORTED_MEDIA_TYPE(VALIDATION_ERROR, 415, NEVER, CALLER, "The Content-Type is not JSON."),
    TOO_MANY_LOGINS(
            VALIDATION_ERROR, 429, NEVER, CALLER, "Too many logins failed; Retry-After says when to try again."),
    REQUEST_FAILED(VALIDATION_ERROR, 400, NEVER, CALLER, "The server refused the request, with a status of its own.");

    private static final Set<ErrorType> OF_CALLS = EnumSet.range(CHECKOUT_TIMEOUT, SESSION_TOO_LARGE);

    private static final Map<String, ErrorType> NAMED =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(ErrorType::code, Function.identity()));

    private final String code = camelCase(name());
    private final ErrorCategory category;
    private final int status;
    private final Retry retry;
    private final Blame blame;
    private final String description;

    ErrorType(ErrorCategory category, int status, Retry retry, Blame blame, String description) {
        this.category = category;
        this.status = status;
        this.retry = retry;
        this.blame = blame;
        this.description = description;
    }

    private static String camelCase(String name) {
        return Arrays.stream(name.split("_", -1))
                .map(word -> word.charAt(0) + word.substring(1).toLowerCase(Locale.ROOT))
                .collect(Collectors.joining());
    }

    /** Returns the type of that name; {@code null} if the service raises none. */
    public static @Nullable ErrorType named(String code) {
        return NAMED.get(code);
    }

    /** Returns the name in JSON, logs and metrics, such as {@code QueueFull}; {@link PythonException#type()} has it. */
    @Override
    public String code() {
        return code;
    }

    /** Returns the category of its failures. */
    public ErrorCategory category() {
        return category;
    }

    @Override
    public int status() {
        return status;
    }

    @Override
    public Retry retry() {
        return retry;
    }

    @Override
    public Blame blame() {
        return blame;
    }

    @Override
    public String description() {
        return description;
    }

    /** Returns whether a call of a program can fail so; the others are failures of operations and of HTTP requests. */
    public boolean isOfCalls() {
        return OF_CALLS.contains(this);
    }

    /** Returns a failure of this type; {@code message} says what was attempted, the limit and the actual value. */
    public ErrorDetails in(ErrorContext where, String message) {
        return new ErrorDetails(category, code, message, null, null, where, retry.mayHelp());
    }

    /** Returns an exception of this type, to be thrown. */
    public PythonException exception(ErrorContext where, String message) {
        return PythonException.of(in(where, message));
    }

    /** Returns an exception of this type that has a cause, to be thrown. */
    public PythonException exception(ErrorContext where, String message, Throwable cause) {
        return PythonException.of(in(where, message), cause);
    }
}
