package org.vivarium.web.security.login;

import java.time.Duration;
import org.vivarium.api.view.settings.LoginLimits;
import org.vivarium.api.view.settings.LoginLimits.Failures;
import org.vivarium.api.view.settings.LoginLimits.Remembered;

/** The limits that hold unless somebody says otherwise. */
final class Standard {
    static final Failures FAILURES = new Failures(Duration.ofMinutes(1), 10, 20, 100);
    static final Remembered SESSIONS = new Remembered(10_000, Duration.ofMinutes(30));
    static final Remembered VERIFIED = new Remembered(1_000, Duration.ofDays(7));
    static final LoginLimits LIMITS = new LoginLimits(FAILURES, SESSIONS, VERIFIED, Duration.ofSeconds(2));

    private Standard() {}
}
