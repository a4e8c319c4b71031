package dev.runtimebridge.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.runtimebridge.allocation.Ids;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Random;

class SecretTest {
    private static final byte[] OLD = key(1);
    private static final byte[] NEW = key(2);

    private final Sealer before = new Sealer("old", Map.of("old", OLD), new SecureRandom());
    private final Sealer after =
            new Sealer("new", Map.of("old", OLD, "new", NEW), new SecureRandom());

    private static byte[] key(int seed) {
        var bytes = new byte[32];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    @Property
    void whatWasSealedOpensToWhatItWas(@ForAll String text) {
        // A lone surrogate is no text: UTF-8 cannot carry it.
        var whole = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
        var sealed = before.seal("row", new Secret(whole));
        assertThat(before.open("row", sealed).reveal()).isEqualTo(whole);
    }

    @Test
    void aSealedSecretDoesNotOpenInAnotherRow() {
        var sealed = before.seal("row 1", new Secret("hunter2"));
        assertThatIllegalStateException().isThrownBy(() -> before.open("row 2", sealed));
    }

    @Test
    void afterARotationOldSecretsOpenAndNewOnesUseTheNewKey() {
        var old = before.seal("row", new Secret("hunter2"));
        assertThat(after.open("row", old).reveal()).isEqualTo("hunter2");
        assertThat(after.seal("row", new Secret("x")).keyId()).isEqualTo("new");
        assertThatIllegalStateException()
                .isThrownBy(() -> before.open("row", after.seal("row", new Secret("x"))))
                .withMessageContaining("new");
    }

    @Test
    void aDamagedSecretIsRefused() {
        var sealed = before.seal("row", new Secret("hunter2"));
        sealed.bytes()[sealed.bytes().length - 1] ^= 1;
        assertThatIllegalStateException().isThrownBy(() -> before.open("row", sealed));
    }

    @Test
    void theSameSecretSealedTwiceLooksDifferent() {
        var secret = new Secret("hunter2");
        assertThat(before.seal("row", secret).bytes())
                .isNotEqualTo(before.seal("row", secret).bytes());
    }

    @Test
    void anApiKeyIsTheSameForTheSameContainerAndDiffersForEveryOther() {
        var keys = new ApiKeys(OLD);
        var ids = new Ids(new Random(3));
        var one = ids.container();
        assertThat(keys.of(one)).isEqualTo(new ApiKeys(OLD).of(one));
        assertThat(keys.of(one)).isNotEqualTo(keys.of(ids.container()));
        assertThat(keys.of(one)).isNotEqualTo(new ApiKeys(NEW).of(one));
        assertThat(ApiKeys.hash(keys.of(one))).matches("[0-9a-f]{64}");
    }

    @Test
    void nothingSecretShowsInText() {
        assertThat(new Secret("hunter2").toString()).doesNotContain("hunter2");
        assertThat(before.seal("row", new Secret("hunter2")).toString())
                .isEqualTo("[sealed with old]");
    }

    @Test
    void shortKeysAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new ApiKeys(new byte[31]));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Sealer("a", Map.of("a", new byte[16]), new SecureRandom()));
    }
}
