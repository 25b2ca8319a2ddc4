package org.vivarium.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vivarium.it.support.DefaultPool.eventually;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.vivarium.it.support.Answer;
import org.vivarium.it.support.Browser;
import org.vivarium.it.support.DeployedVivarium;
import org.vivarium.it.support.OnServer;
import org.vivarium.it.support.Problem;

/** The page in a real browser, as each kind of user sees it. */
@OnServer
class PageIT {
    private final DeployedVivarium vivarium = DeployedVivarium.current();
    private Browser browser;

    @BeforeEach
    void start() {
        browser = Browser.start();
        browser.dress(1200, "light");
    }

    @AfterEach
    void close() {
        if (browser != null) { // there is none on a machine without Chromium
            browser.close();
        }
    }

    private void logIn(String user) {
        browser.open(vivarium.uri("login.html").toString());
        browser.find("[name=user]").sendKeys(user);
        browser.find("[name=password]").sendKeys(vivarium.password());
        browser.click("Log in");
        eventually(() -> assertThat(browser.find("#me").getText()).isEqualTo(user));
    }

    @ParameterizedTest
    @CsvSource({"1200, light", "1200, dark", "400, light", "400, dark"})
    void axe_finds_nothing_and_nothing_is_cut_off(int width, String scheme) {
        browser.dress(width, scheme);
        browser.open(vivarium.uri("login.html").toString());
        assertThat(browser.findings()).as("login").isEmpty();
        String breaker = "api/pools/default/breakers/fail/";
        vivarium.post(breaker + "open", "");
        CompletableFuture<HttpResponse<String>> call = vivarium.begin("sleep", "{\"seconds\":60}");
        try {
            logIn("admin");
            browser.button("Recycle " + firstWorker());
            browser.button("Close fail");
            browser.find("#calls button");
            assertThat(browser.findings()).as("admin").isEmpty();
            assertThat(browser.overflow()).isZero();
            browser.picture(Path.of("target", "page", "admin-" + width + '-' + scheme + ".png"));
            browser.click("Drain");
            browser.button("Go back");
            assertThat(browser.findings()).as("question").isEmpty();
            browser.click("Go back");
            cancelAll();
            assertThat(Problem.of(call.join(), 503).type()).isEqualTo("Cancelled");
        } finally {
            vivarium.post(breaker + "close", "");
        }
        logIn("caller");
        browser.button("echo");
        assertThat(browser.findings()).as("caller").isEmpty();
        browser.picture(Path.of("target", "page", "caller-" + width + '-' + scheme + ".png"));
        assertThat(browser.overflow()).isZero();
    }

    @Test
    void a_caller_finds_his_programs_calls_one_and_reads_its_result() {
        logIn("caller");
        assertThat(browser.buttons()).doesNotContain("Drain", "Recycle", "Apply changes");

        browser.click("echo");
        WebElement inputs = browser.focused();
        inputs.clear();
        inputs.sendKeys("{\"text\": \"from the page\"}");
        browser.click("Call");

        eventually(() -> assertThat(browser.find("#result").getText()).contains("\"text\": \"from the page\""));
    }

    @Test
    void a_viewer_sees_the_pool_and_no_button_that_would_be_refused() {
        logIn("viewer");
        browser.find("#workers td");

        assertThat(browser.buttons())
                .contains("Log out", "default")
                .doesNotContain("Drain", "Resume", "Rolling restart", "Resize", "Recycle", "Apply changes", "Call");
    }

    @Test
    void a_drain_is_asked_about_and_whoever_leaves_the_question_has_done_nothing() {
        logIn("operator");
        browser.click("Drain");
        assertThat(browser.find("#consequence").getText()).contains("New calls and those that wait are refused");
        assertThat(browser.focused().getText()).isEqualTo("Go back");
        browser.focused().sendKeys(Keys.ESCAPE);
        assertThat(state()).isEqualTo("RUNNING");

        browser.click("Drain");
        browser.focused().sendKeys(Keys.TAB);
        browser.focused().sendKeys(Keys.ENTER);
        try {
            eventually(() -> assertThat(state()).isEqualTo("DRAINED"));
        } finally {
            browser.click("Resume");
        }
        eventually(() -> assertThat(state()).isEqualTo("RUNNING"));
    }

    @Test
    void an_operator_closes_a_breaker_and_cancels_a_call() {
        vivarium.post("api/pools/default/breakers/fail/open", "");
        CompletableFuture<HttpResponse<String>> call = vivarium.begin("sleep", "{\"seconds\":60}");
        logIn("operator");

        browser.click("Close fail");
        browser.find("#calls button").click();
        browser.click("Cancel the call");

        assertThat(Problem.of(call.join(), 503).type()).isEqualTo("Cancelled");
        eventually(() -> assertThat(browser.find("#heldNone").getText()).startsWith("None: "));
    }

    private String state() {
        return Answer.json(vivarium.get("api/pools/default")).asJsonObject().getString("state");
    }

    private String firstWorker() {
        return Answer.json(vivarium.get("api/pools/default/workers"))
                .asJsonArray()
                .getJsonObject(0)
                .getString("id");
    }

    private void cancelAll() {
        Answer.json(vivarium.get("api/pools/default/calls"))
                .asJsonObject()
                .getJsonArray("items")
                .forEach(call -> vivarium.send(vivarium.request(
                                "api/pools/default/calls/" + call.asJsonObject().getString("id"))
                        .DELETE()));
    }
}
