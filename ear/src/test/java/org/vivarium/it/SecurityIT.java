package org.vivarium.it;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vivarium.it.support.Answer;
import org.vivarium.it.support.DeployedVivarium;
import org.vivarium.it.support.OnServer;
import org.vivarium.it.support.Problem;

@OnServer
class SecurityIT {

    private final DeployedVivarium vivarium = DeployedVivarium.current();

    @Test
    void nothing_but_health_is_answered_without_credentials() {
        JsonObject paths =
                Answer.json(vivarium.get("api/openapi")).asJsonObject().getJsonObject("paths");
        assertThat(paths).hasSizeGreaterThan(10);
        SoftAssertions softly = new SoftAssertions();
        paths.forEach((path, operations) -> operations.asJsonObject().keySet().forEach(verb -> {
            String filled = "api" + path.replaceAll("\\{[^}]*}", "default");
            var request = HttpRequest.newBuilder(vivarium.uri(filled))
                    .header("Content-Type", "application/json")
                    .method(verb.toUpperCase(java.util.Locale.ROOT), BodyPublishers.noBody());
            int status = vivarium.send(request).statusCode();
            if (path.startsWith("/health/")) {
                softly.assertThat(status).as(verb + " " + path).isIn(200, 503);
            } else {
                softly.assertThat(status).as(verb + " " + path).isEqualTo(401);
            }
        }));
        softly.assertAll();
    }

    @Test
    void a_request_without_credentials_is_told_how_to_authenticate() {
        var answer = vivarium.getAnonymously("api/pools");

        assertThat(Problem.of(answer, 401).type()).isEqualTo("Unauthorized");
        assertThat(answer.headers().firstValue("WWW-Authenticate").orElse("")).startsWith("Basic ");
    }

    @Test
    void a_wrong_password_is_refused() {
        var request = HttpRequest.newBuilder(vivarium.uri("api/pools"))
                .header("Authorization", "Basic YWRtaW46d3Jvbmc="); // admin:wrong

        assertThat(Problem.of(vivarium.send(request), 401).detail()).isEqualTo("user name or password is wrong");
    }

    /** Columns: what is asked for, and what viewer, caller, operator and admin get. */
    @ParameterizedTest
    @CsvSource({
        "GET, api/pools, 200, 403, 200, 200",
        "GET, api/pools/default/workers, 200, 403, 200, 200",
        "GET, api/pools/default/config, 200, 403, 200, 200",
        "GET, api/self, 200, 403, 200, 200",
        "GET, api/pools/default/programs, 200, 200, 200, 200",
        "GET, api/openapi, 200, 200, 200, 200",
        "GET, api/me, 200, 200, 200, 200",
        "GET, api/pools/default/breakers, 200, 403, 200, 200",
        "POST, api/pools/default/breakers/echo/close, 403, 403, 204, 204",
        "POST, api/pools/default/programs/echo, 403, 200, 403, 200",
        "POST, api/pools/default/resume, 403, 403, 202, 202",
        "PATCH, api/pools/default/config, 403, 403, 200, 200",
    })
    void each_role_may_do_its_own_part(String method, String path, int viewer, int caller, int operator, int admin) {
        assertThat(status("viewer", method, path)).as("viewer").isEqualTo(viewer);
        assertThat(status("caller", method, path)).as("caller").isEqualTo(caller);
        assertThat(status("operator", method, path)).as("operator").isEqualTo(operator);
        assertThat(status("admin", method, path)).as("admin").isEqualTo(admin);
    }

    private int status(String user, String method, String path) {
        var answer = vivarium.send(vivarium.request(user, path)
                .header("Content-Type", "application/json")
                .method(method, method.equals("GET") ? BodyPublishers.noBody() : BodyPublishers.ofString("{}")));
        if (answer.statusCode() == 403) {
            assertThat(Problem.of(answer, 403).detail()).contains("the roles of user " + user);
        }
        return answer.statusCode();
    }

    @Test
    void passwords_written_in_plain_are_replaced_by_hashes_that_only_the_server_can_read() throws IOException {
        Path users = vivarium.home().resolve("users.conf");

        assertThat(Files.readAllLines(users))
                .filteredOn(line -> !line.startsWith("#"))
                .hasSize(4)
                .noneMatch(line -> line.contains("plain:") || line.contains(vivarium.password()));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(users)))
                .isEqualTo("rw-------");
    }

    @Test
    void a_browser_is_sent_to_the_login_page_which_needs_no_login() {
        var start = vivarium.getAnonymously("");
        assertThat(start.statusCode()).isEqualTo(302);
        assertThat(start.headers().firstValue("Location").orElse("")).endsWith("/vivarium/login.html");

        var page = vivarium.getAnonymously("login.html");
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body()).contains("name=\"password\"");
        assertThat(page.headers().firstValue("Content-Security-Policy").orElse(""))
                .contains("default-src 'none'", "frame-ancestors 'none'");
    }

    @Test
    void a_wrong_login_gets_no_session() {
        var answer = login("wrong");

        assertThat(answer.headers().firstValue("Location").orElse("")).endsWith("/login.html#refused");
        assertThat(sessionCookie(answer)).isEmpty();
    }

    @Test
    void a_session_sees_and_changes_from_our_own_pages_only_until_it_logs_out() {
        var login = login(vivarium.password());
        assertThat(login.statusCode()).isEqualTo(302);
        assertThat(login.headers().firstValue("Location").orElse("")).endsWith("/vivarium/");
        String header = sessionCookie(login).get(0);
        assertThat(header).contains("HttpOnly", "SameSite=Strict", "Path=/vivarium");
        String cookie = header.replaceFirst(";.*", "");

        assertThat(vivarium.send(with(cookie, "")).body()).contains("<html");
        assertThat(vivarium.send(with(cookie, "api/pools")).statusCode()).isEqualTo(200);
        assertThat(Problem.of(change(cookie, "X-Nothing", "1"), 403).type()).isEqualTo("ForeignSite");
        assertThat(Problem.of(change(cookie, "Origin", "http://evil.example"), 403)
                        .type())
                .isEqualTo("ForeignSite");
        assertThat(Problem.of(change(cookie, "Sec-Fetch-Site", "cross-site"), 403)
                        .type())
                .isEqualTo("ForeignSite");
        assertThat(change(cookie, "X-Requested-With", "vivarium").statusCode()).isEqualTo(202);
        assertThat(change(cookie, "Origin", origin()).statusCode()).isEqualTo(202);

        var logout =
                vivarium.send(with(cookie, "logout").header("Origin", origin()).POST(BodyPublishers.noBody()));
        assertThat(logout.statusCode()).isEqualTo(302);
        Problem.of(vivarium.send(with(cookie, "api/pools")), 401);
    }

    @Test
    void logins_and_logouts_are_told_once_each_and_so_is_what_a_user_changes() throws IOException {
        List<String> before = audit();
        String cookie = sessionCookie(login(vivarium.password())).get(0).replaceFirst(";.*", "");
        vivarium.send(with(cookie, "logout").header("Origin", origin()).POST(BodyPublishers.noBody()));
        vivarium.patch("api/pools/default/config", "{\"QueueLimit\":999}");
        vivarium.patch("api/pools/default/config", "{\"QueueLimit\":1000}");
        vivarium.send(vivarium.request("api/pools/default/calls/none").DELETE());

        assertThat(audit().subList(before.size(), audit().size()))
                .filteredOn(line -> !line.contains("door=basic"))
                .containsExactly(
                        "action=login actor=admin door=form address=127.0.0.1",
                        "action=logout actor=admin door=form address=127.0.0.1",
                        "action=configure actor=admin door=rest pool=default parameter=QueueLimit from=1000 to=999 address=127.0.0.1",
                        "action=configure actor=admin door=rest pool=default parameter=QueueLimit from=999 to=1000 address=127.0.0.1");
    }

    @Test
    void a_login_by_basic_is_told_when_the_password_is_checked_and_not_for_each_request() throws IOException {
        status("viewer", "GET", "api/pools");
        List<String> before = audit();

        status("viewer", "GET", "api/pools");

        assertThat(audit()).isEqualTo(before).contains("action=login actor=viewer door=basic address=127.0.0.1");
    }

    private List<String> audit() throws IOException {
        return Files.readAllLines(vivarium.log()).stream()
                .filter(line -> line.contains(" vivarium.audit - "))
                .map(line -> line.replaceFirst(".* vivarium\\.audit - ", ""))
                .toList();
    }

    @Test
    void a_caller_who_logs_in_gets_the_page_and_not_raw_json() {
        var login = login("caller", vivarium.password());
        String cookie = sessionCookie(login).get(0).replaceFirst(";.*", "");

        var page = vivarium.send(with(cookie, ""));
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body()).contains("<html");
        assertThat(vivarium.send(with(cookie, "assets/app.js")).statusCode()).isEqualTo(200);
        assertThat(vivarium.send(with(cookie, "api/me")).body()).contains("\"vivarium-caller\"", "\"default\"");
    }

    private HttpResponse<String> login(String password) {
        return login("admin", password);
    }

    private HttpResponse<String> login(String user, String password) {
        return vivarium.send(HttpRequest.newBuilder(vivarium.uri("login"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString("user=" + user + "&password=" + password)));
    }

    private HttpResponse<String> change(String cookie, String header, String value) {
        return vivarium.send(
                with(cookie, "api/pools/default/resume").header(header, value).POST(BodyPublishers.noBody()));
    }

    private HttpRequest.Builder with(String cookie, String path) {
        return HttpRequest.newBuilder(vivarium.uri(path)).header("Cookie", cookie);
    }

    private String origin() {
        return "http://" + vivarium.uri("").getAuthority();
    }

    private static List<String> sessionCookie(HttpResponse<String> answer) {
        return answer.headers().allValues("Set-Cookie").stream()
                .filter(cookie -> cookie.startsWith("VIVARIUM_SESSION="))
                .toList();
    }
}
