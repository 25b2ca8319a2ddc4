package org.vivarium.it.support;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.openqa.selenium.By;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;

/** A Chromium without a window, which forgets everything when it is closed. */
public final class Browser implements AutoCloseable {
    /** The environment variable that makes a browser that is missing a failure, if it is {@code required}. */
    private static final String WANTED = "VIVARIUM_BROWSER";

    private static final String AXE = "/META-INF/resources/webjars/axe-core/4.6.3/axe.min.js";
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final ChromeDriver driver;
    private final String axe;

    private Browser(ChromeDriver driver) {
        this.driver = driver;
        this.axe = resource(AXE);
    }

    /**
     * Starts the {@code chromium} of this machine by its {@code chromedriver}. A machine that lacks one of them skips
     * the test, unless {@value #WANTED} is {@code required}: then the test fails.
     */
    public static Browser start() {
        Optional<File> browser = command("chromium");
        Optional<File> driver = command("chromedriver");
        boolean there = browser.isPresent() && driver.isPresent();
        if (!"required".equals(System.getenv(WANTED))) {
            assumeTrue(there, "the page is not tested: this machine has no chromium or no chromedriver on its PATH");
        }
        assertThat(there).as("chromium and chromedriver are on the PATH").isTrue();
        ChromeOptions options = new ChromeOptions();
        options.setBinary(browser.orElseThrow());
        options.addArguments("--headless=new", "--disable-gpu", "--disable-dev-shm-usage");
        options.addArguments("--no-sandbox"); // CI runs as root; and nothing but our own page is opened
        return new Browser(new ChromeDriver(
                new ChromeDriverService.Builder()
                        .usingDriverExecutable(driver.orElseThrow())
                        .build(),
                options));
    }

    private static Optional<File> command(String name) {
        return Pattern.compile(File.pathSeparator)
                .splitAsStream(Objects.requireNonNullElse(System.getenv("PATH"), ""))
                .map(directory -> new File(directory, name))
                .filter(File::canExecute)
                .findFirst();
    }

    private static String resource(String name) {
        try (InputStream in = Objects.requireNonNull(Browser.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Shows pages from now on in a window of that width, and with the colours of that scheme, light or dark. */
    public void dress(int width, String scheme) {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", 900, "deviceScaleFactor", 1, "mobile", false));
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    }

    /** Opens a page. */
    public void open(String address) {
        driver.get(address);
    }

    /** Returns the first visible element that a CSS selector finds, once there is one. */
    public WebElement find(String css) {
        return find(By.cssSelector(css));
    }

    /** Returns the first visible button with that name, in view or only spoken, once there is one. */
    public WebElement button(String name) {
        return find(By.xpath(
                "//button[@aria-label='%1$s' or (not(@aria-label) and normalize-space()='%1$s')]".formatted(name)));
    }

    private WebElement find(By how) {
        return await().alias(how.toString())
                .atMost(PATIENCE)
                .ignoreException(StaleElementReferenceException.class)
                .until(
                        () -> driver.findElements(how).stream()
                                .filter(WebElement::isDisplayed)
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
    }

    /** Clicks a button, once it is there. */
    public void click(String name) {
        await().alias(name)
                .atMost(PATIENCE)
                .ignoreException(StaleElementReferenceException.class) // the page has just drawn its row anew
                .until(() -> {
                    button(name).click();
                    return true;
                });
    }

    /** Returns the names of all buttons that are visible. */
    public List<String> buttons() {
        return driver.findElements(By.tagName("button")).stream()
                .filter(WebElement::isDisplayed)
                .map(WebElement::getText)
                .toList();
    }

    /** Returns the element that has the focus. */
    public WebElement focused() {
        return driver.switchTo().activeElement();
    }

    /** Returns how many pixels the page is wider than its window. */
    public long overflow() {
        return (long) Objects.requireNonNull(driver.executeScript(
                "return document.documentElement.scrollWidth - document.documentElement.clientWidth"));
    }

    /**
     * Returns what axe-core finds wrong with the page as it is, each with the elements concerned; empty for nothing.
     */
    public List<String> findings() {
        driver.executeScript(axe);
        Object found = driver.executeAsyncScript("""
                const done = arguments[arguments.length - 1];
                axe.run({ resultTypes: ['violations'] }).then(
                    (all) => done(all.violations.map((one) =>
                        one.id + ': ' + one.help + ': ' + one.nodes.map((node) => node.html).join(' | '))),
                    (failure) => done([String(failure)]));
                """);
        return ((List<?>) Objects.requireNonNull(found))
                .stream().map(String::valueOf).toList();
    }

    /** Keeps a picture of the page, for people. */
    public void picture(Path file) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.write(file, driver.getScreenshotAs(OutputType.BYTES));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        driver.quit();
    }
}
