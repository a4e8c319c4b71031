package dev.runtimebridge.http;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

class PreferencesTest {
    @Test
    void waitingIsReadInEveryFormTheRfcAllows() {
        for (var header :
                List.of(
                        "wait=10",
                        "Wait = \"10\"",
                        "wait=10; x=y",
                        "a, wait=10",
                        "wait=10, wait=2")) {
            assertThat(Preferences.of(List.of(header)).patience())
                    .as(header)
                    .contains(Duration.ofSeconds(10));
        }
    }

    @Test
    void whatIsMalformedIsIgnored() {
        for (var header :
                List.of("wait", "wait=", "wait=-1", "wait=x", "wait=1.5", "wait=9999999999", "")) {
            assertThat(Preferences.of(List.of(header)).any()).as(header).isFalse();
        }
    }

    @Test
    void respondAsyncAloneDoesNotWaitAndWithAWaitItDoes() {
        assertThat(Preferences.of(List.of("respond-async")).patience()).contains(Duration.ZERO);
        assertThat(Preferences.of(List.of("respond-async", "wait=3")).patience())
                .contains(Duration.ofSeconds(3));
        assertThat(Preferences.NONE.patience()).isEqualTo(Optional.empty());
    }

    @Test
    void noWaitIsLongerThanAllowed() {
        var preferences =
                Preferences.of(List.of("respond-async, wait=500")).atMost(Duration.ofSeconds(60));

        assertThat(preferences.applied(true)).contains("respond-async, wait=60");
        assertThat(preferences.applied(false)).contains("wait=60");
    }

    @Property
    void nothingThatIsSentMakesItFail(@ForAll List<String> headers) {
        assertThat(Preferences.of(headers)).isNotNull();
    }
}
