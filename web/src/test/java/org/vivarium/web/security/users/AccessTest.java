package org.vivarium.web.security.users;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vivarium.web.security.Access;

class AccessTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            GET    | /api/health/live                  | everybody
            HEAD   | /api/health/ready                 | everybody
            GET    | /api/health/started               | everybody
            GET    | /login.html                       | everybody
            GET    | /assets/style.css                 | everybody
            POST   | /login                            | everybody
            POST   | /api/health/live                  | OPERATOR ADMIN
            POST   | /login.html                       | OPERATOR ADMIN
            GET    | /api/health/live/                 | VIEWER OPERATOR ADMIN
            GET    | /                                 | VIEWER CALLER OPERATOR ADMIN
            GET    | /index.html                       | VIEWER CALLER OPERATOR ADMIN
            GET    | /assets/app.js                    | VIEWER CALLER OPERATOR ADMIN
            GET    | /assets/other.js                  | VIEWER OPERATOR ADMIN
            GET    | /api/me                           | VIEWER CALLER OPERATOR ADMIN
            POST   | /api/me                           | OPERATOR ADMIN
            GET    | /api/pools/default/breakers       | VIEWER OPERATOR ADMIN
            POST   | /api/pools/default/breakers/echo/open  | OPERATOR ADMIN
            POST   | /api/pools/default/breakers/echo/close | OPERATOR ADMIN
            GET    | /api/pools/default/isolation      | VIEWER OPERATOR ADMIN
            POST   | /api/pools/default/isolation/echo/release | OPERATOR ADMIN
            GET    | /api/changes                      | OPERATOR ADMIN
            HEAD   | /api/changes                      | OPERATOR ADMIN
            GET    | /api/changes/                     | VIEWER OPERATOR ADMIN
            POST   | /api/changes/verify               | OPERATOR ADMIN
            GET    | /api/pools                        | VIEWER OPERATOR ADMIN
            GET    | /api/pools/default/config         | VIEWER OPERATOR ADMIN
            GET    | /api/metrics                      | VIEWER OPERATOR ADMIN
            GET    | /api/pools/default/metrics        | VIEWER OPERATOR ADMIN
            GET    | /api/something/new                | VIEWER OPERATOR ADMIN
            GET    | /api/pools/default/programs       | VIEWER CALLER OPERATOR ADMIN
            GET    | /api/openapi                      | VIEWER CALLER OPERATOR ADMIN
            POST   | /logout                           | VIEWER CALLER OPERATOR ADMIN
            POST   | /api/pools/default/programs/echo  | CALLER ADMIN
            PUT    | /api/pools/default/programs/echo  | OPERATOR ADMIN
            DELETE | /api/pools/default/programs/echo  | OPERATOR ADMIN
            POST   | /api/pools/default/programs       | OPERATOR ADMIN
            POST   | /api/pools/default/programs/a/b   | OPERATOR ADMIN
            PATCH  | /api/pools/default/config         | OPERATOR ADMIN
            POST   | /api/pools/default/drain          | OPERATOR ADMIN
            POST   | /api/pools/default/reset-statistics | OPERATOR ADMIN
            POST   | /api/pools/default/workers/w/stacks | OPERATOR ADMIN
            GET    | /api/pools/default/calls          | VIEWER OPERATOR ADMIN
            DELETE | /api/pools/default/calls/c-1      | OPERATOR ADMIN
            BREW   | /api/pools                        | OPERATOR ADMIN
            """)
    void each_request_needs_one_of_these_roles(String method, String path, String roles) {
        Access access = Access.of(method, path);

        assertThat(access.isOpen()).isEqualTo(roles.equals("everybody"));
        if (!access.isOpen()) {
            String allowed = Arrays.stream(Role.values())
                    .filter(role -> access.allows(Set.of(role)))
                    .map(Role::name)
                    .collect(Collectors.joining(" "));
            assertThat(allowed).isEqualTo(roles);
            assertThat(access.allows(Set.of())).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/health/live/../../pools",
                "/api//pools",
                "//",
                "/api/pools//",
                "/a\tb",
                "/a\u0000",
                "/api/%2e%2e/x",
                "/api/pools/.",
                "/./x",
                "/..",
                "/a%2Fb",
                "/a%5cb",
                "/a\\b",
                "/a%00",
                "/.%2E/x"
            })
    void a_path_that_could_mean_two_things_is_strange(String path) {
        assertThat(Access.isStrange(path)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/api/pools/default/programs/echo",
                "/api/pools/a.b/programs/m%C3%A4h",
                "/login.html",
                "/api/pools/..x/y"
            })
    void other_paths_are_not(String path) {
        assertThat(Access.isStrange(path)).isFalse();
    }

    @Test
    void parameters_of_a_path_do_not_count() {
        assertThat(Access.withoutParameters("/api;x=1/pools;jsessionid=2")).isEqualTo("/api/pools");
        assertThat(Access.isStrange(Access.withoutParameters("/api/..;/pools"))).isTrue();
    }
}
