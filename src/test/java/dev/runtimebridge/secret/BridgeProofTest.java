package dev.runtimebridge.secret;

import static org.assertj.core.api.Assertions.assertThat;

import com.auth0.jwt.JWT;

import dev.runtimebridge.testing.SettableClock;

import org.junit.jupiter.api.Test;

import java.security.SecureRandom;
import java.time.Duration;

class BridgeProofTest {
    private static final BridgeKey KEY = BridgeKey.generate(new SecureRandom());

    private final SettableClock clock = new SettableClock();
    private final BridgeProof proof = new BridgeProof(KEY.privateKey(), clock);

    private Duration left(Secret sent) {
        return Duration.between(clock.instant(), JWT.decode(sent.reveal()).getExpiresAtAsInstant());
    }

    @Test
    void oneThatWasMadeBeforehandIsTheOneThatIsSent() {
        var beforehand = proof.forContainer("a");
        clock.pass(Duration.ofSeconds(20));
        assertThat(proof.forContainer("a")).isEqualTo(beforehand);
        assertThat(proof.forContainer("b")).isNotEqualTo(beforehand);
    }

    @Test
    void whateverIsSentHasHalfOfItsMinuteLeft() {
        for (int seconds = 0; seconds < 90; seconds++) {
            assertThat(left(proof.forContainer("a")))
                    .isGreaterThanOrEqualTo(Duration.ofSeconds(30));
            clock.pass(Duration.ofSeconds(1));
        }
    }
}
