package org.vivarium.core.config;

import static org.vivarium.core.config.ServiceParameter.ANSWER_PATIENCE;
import static org.vivarium.core.config.ServiceParameter.BODY_PATIENCE;
import static org.vivarium.core.config.ServiceParameter.COARSE_HISTORY;
import static org.vivarium.core.config.ServiceParameter.EVENTS;
import static org.vivarium.core.config.ServiceParameter.FAILURES_PER_ADDRESS;
import static org.vivarium.core.config.ServiceParameter.FAILURES_PER_NAME;
import static org.vivarium.core.config.ServiceParameter.FAILURES_PER_PAIR;
import static org.vivarium.core.config.ServiceParameter.FAILURE_PERIOD;
import static org.vivarium.core.config.ServiceParameter.FINE_HISTORY;
import static org.vivarium.core.config.ServiceParameter.HASH_PATIENCE;
import static org.vivarium.core.config.ServiceParameter.IDEMPOTENT_ANSWER;
import static org.vivarium.core.config.ServiceParameter.IDEMPOTENT_KEYS;
import static org.vivarium.core.config.ServiceParameter.IDEMPOTENT_MEGABYTES;
import static org.vivarium.core.config.ServiceParameter.IDEMPOTENT_TIME;
import static org.vivarium.core.config.ServiceParameter.LARGEST_BODY;
import static org.vivarium.core.config.ServiceParameter.LARGEST_INPUTS;
import static org.vivarium.core.config.ServiceParameter.LOGIN_SESSIONS;
import static org.vivarium.core.config.ServiceParameter.LOGIN_SESSION_IDLE;
import static org.vivarium.core.config.ServiceParameter.MEDIUM_HISTORY;
import static org.vivarium.core.config.ServiceParameter.VERIFIED_LOGINS;
import static org.vivarium.core.config.ServiceParameter.VERIFIED_TIME;

import java.util.Map;
import org.vivarium.api.event.EventFilter;
import org.vivarium.api.view.settings.HttpLimits;
import org.vivarium.api.view.settings.LoginLimits;

/** The values of all parameters of the service at one moment. Immutable. */
public final class ServiceSettings extends Settings<ServiceParameter, ServiceSettings> {
    /** Every parameter at its default. */
    public static final ServiceSettings DEFAULT = new ServiceSettings();

    private static final int BITS_PER_MEBIBYTE = 20;

    private final HttpLimits http;
    private final LoginLimits logins;

    private ServiceSettings() {
        super(ServiceParameter.ALL);
        this.http = limitsOfHttp();
        this.logins = limitsOfLogins();
    }

    private ServiceSettings(ServiceSettings others, Map<ServiceParameter, ?> changes) {
        super(others, changes);
        this.http = limitsOfHttp();
        this.logins = limitsOfLogins();
    }

    private HttpLimits limitsOfHttp() {
        return new HttpLimits(
                Math.toIntExact(bytes(LARGEST_INPUTS)),
                Math.toIntExact(bytes(LARGEST_BODY)),
                duration(BODY_PATIENCE),
                duration(ANSWER_PATIENCE),
                new HttpLimits.Answers(
                        duration(IDEMPOTENT_TIME),
                        integer(IDEMPOTENT_KEYS),
                        bytes(IDEMPOTENT_MEGABYTES),
                        bytes(IDEMPOTENT_ANSWER)));
    }

    private LoginLimits limitsOfLogins() {
        return new LoginLimits(
                new LoginLimits.Failures(
                        duration(FAILURE_PERIOD),
                        integer(FAILURES_PER_ADDRESS),
                        integer(FAILURES_PER_NAME),
                        integer(FAILURES_PER_PAIR)),
                new LoginLimits.Remembered(integer(LOGIN_SESSIONS), duration(LOGIN_SESSION_IDLE)),
                new LoginLimits.Remembered(integer(VERIFIED_LOGINS), duration(VERIFIED_TIME)),
                duration(HASH_PATIENCE));
    }

    @Override
    public ServiceSettings with(Map<ServiceParameter, ?> changes) {
        ServiceSettings changed = new ServiceSettings(this, changes);
        changed.requireAtMost(FINE_HISTORY, MEDIUM_HISTORY);
        changed.requireAtMost(MEDIUM_HISTORY, COARSE_HISTORY);
        changed.requireAtMost(IDEMPOTENT_ANSWER, IDEMPOTENT_MEGABYTES);
        return changed;
    }

    private void requireAtMost(ServiceParameter smaller, ServiceParameter larger) {
        if (value(smaller) > value(larger)) {
            throw new IllegalArgumentException("%s must be at most %s, was %d with %s %d"
                    .formatted(
                            smaller.attribute(),
                            larger.attribute(),
                            value(smaller),
                            larger.attribute(),
                            value(larger)));
        }
    }

    /** Returns the value of a parameter that is a size. */
    public long bytes(ServiceParameter parameter) {
        return value(parameter) << BITS_PER_MEBIBYTE;
    }

    /** Returns which events are wanted. */
    public EventFilter events() {
        return EventFilter.parse(text(EVENTS));
    }

    /** Returns what requests may take. */
    public HttpLimits http() {
        return http;
    }

    /** Returns what slows down guessing, and what of logins is remembered. */
    public LoginLimits logins() {
        return logins;
    }
}
