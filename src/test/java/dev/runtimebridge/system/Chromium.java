package dev.runtimebridge.system;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A real browser. Everything that waits on its pages ends within {@link #LONGEST_MILLIS}. */
final class Chromium implements AutoCloseable {
    private static final double LONGEST_MILLIS = 20_000;
    private static final Path PROGRAM = Path.of("/usr/bin/chromium");
    private static final List<String> OPTIONS =
            List.of(
                    "--no-sandbox",
                    "--disable-gpu",
                    "--disable-quic",
                    "--no-first-run",
                    "--disable-background-networking",
                    "--disable-component-update",
                    "--disable-sync");

    private final Playwright playwright;
    private final Browser browser;

    Chromium() {
        playwright =
                Playwright.create(
                        new Playwright.CreateOptions()
                                .setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser =
                playwright
                        .chromium()
                        .launch(
                                new BrowserType.LaunchOptions()
                                        .setExecutablePath(PROGRAM)
                                        .setTimeout(LONGEST_MILLIS)
                                        .setArgs(OPTIONS));
    }

    /** Somebody with no cookies yet, who goes on where a certificate is not to be trusted. */
    BrowserContext person() {
        var person = browser.newContext(new Browser.NewContextOptions().setIgnoreHTTPSErrors(true));
        person.setDefaultTimeout(LONGEST_MILLIS);
        return person;
    }

    @Override
    public void close() {
        playwright.close();
    }
}
