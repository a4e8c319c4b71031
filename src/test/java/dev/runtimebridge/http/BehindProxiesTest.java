package dev.runtimebridge.http;

import static dev.runtimebridge.http.BadRequestsTest.assertProblem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;

/** Over real HTTP, from 127.0.0.1, which is the proxy, or is none. */
class BehindProxiesTest {
    private static final String CALL_HOME = "{\"container\": \"task/1\"}";

    @AutoClose
    private final TestApi behind = new TestApi(trusting("127.0.0.1/32", "10.0.6.0/23", "fd00::/8"));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    203.0.113.9                       | 203.0.113.9
                    198.51.100.1, 203.0.113.9         | 203.0.113.9
                    203.0.113.9, 10.0.7.255           | 203.0.113.9
                    203.0.113.9, fd00::1, 10.0.6.1    | 203.0.113.9
                    198.51.100.1, 10.0.6.1, 10.0.8.0  | 10.0.8.0
                    203.0.113.9:40123                 | 203.0.113.9
                    2001:db8::9                       | [2001:db8:0:0:0:0:0:9]
                    [2001:db8::9]:40123               | [2001:db8:0:0:0:0:0:9]
                    ::ffff:203.0.113.9                | 203.0.113.9
                    10.0.6.1, 10.0.6.2                | 10.0.6.1
                    """)
    void fromAProxyTheCallerIsTheLastAddressThatIsNoProxys(String forwarded, String caller)
            throws Exception {
        callHome(behind, forwarded);

        assertThat(behind.callsHome).containsExactly("task/1 from " + caller);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    203.0.113.9, unknown            | 127.0.0.1
                    203.0.113.9, a.example          | 127.0.0.1
                    203.0.113.9, 999.1.1.1          | 127.0.0.1
                    203.0.113.9, fe80::1%eth0       | 127.0.0.1
                    203.0.113.9, _hidden, 10.0.6.1  | 10.0.6.1
                    """)
    void whatIsNoAddressLeadsNoFurther(String forwarded, String caller) throws Exception {
        callHome(behind, forwarded);

        assertThat(behind.callsHome).containsExactly("task/1 from " + caller);
    }

    @Test
    void severalHeadersAreOneList() throws Exception {
        behind.send(
                behind.post("/api/containers/ready", CALL_HOME)
                        .header("X-Forwarded-For", "198.51.100.1")
                        .header("X-Forwarded-For", "203.0.113.9"));

        assertThat(behind.callsHome).containsExactly("task/1 from 203.0.113.9");
    }

    @Test
    void withoutTheHeaderTheProxyItselfCalls() throws Exception {
        behind.send(behind.post("/api/containers/ready", CALL_HOME));

        assertThat(behind.callsHome).containsExactly("task/1 from 127.0.0.1");
    }

    @Test
    void fromAnybodyElseTheHeaderMeansNothing() throws Exception {
        try (var open = new TestApi(trusting("10.0.6.0/23", "127.0.0.2"));
                var usual = new TestApi(trusting())) {
            callHome(open, "10.0.6.1");
            callHome(usual, "10.0.6.1");

            assertThat(open.callsHome).containsExactly("task/1 from 127.0.0.1");
            assertThat(usual.callsHome).containsExactly("task/1 from 127.0.0.1");
        }
    }

    @Test
    void limitsAreEachCallersOwnWhateverTheyMakeUp() throws Exception {
        for (int i = 0; i < 3; i++) {
            assertThat(callHome(behind, "198.51.100." + i + ", 203.0.113.9").statusCode())
                    .isEqualTo(202);
        }

        assertProblem(callHome(behind, "198.51.100.9, 203.0.113.9"), 429);
        assertThat(callHome(behind, "203.0.113.9, 203.0.113.10").statusCode()).isEqualTo(202);
    }

    @Test
    void whatIsNoNetworkIsRefused() {
        assertThatThrownBy(() -> new BehindProxies(List.of("10.0.6.1/23")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static HttpResponse<String> callHome(TestApi api, String forwarded) throws Exception {
        return api.send(
                api.post("/api/containers/ready", CALL_HOME).header("X-Forwarded-For", forwarded));
    }

    private static ApiSettings trusting(String... networks) {
        return new ApiSettings(
                List.of(),
                List.of(networks),
                "admin",
                Duration.ofSeconds(120),
                Duration.ofSeconds(2),
                Duration.ofSeconds(30),
                Duration.ofSeconds(20),
                1000,
                16,
                Duration.ofSeconds(15),
                3,
                Duration.ofSeconds(5));
    }
}
