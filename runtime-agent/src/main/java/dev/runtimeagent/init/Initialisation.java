package dev.runtimeagent.init;

import dev.runtimeagent.secret.Secret;
import dev.runtimeagent.ssh.Login;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The one init of this container. The first API key wins and is kept before anybody is told so; the
 * login is fixed from the start, so that the SSH server runs before init.
 */
public final class Initialisation {
    private static final int PASSWORD_BYTES = 24;

    private final IdentityFile file;
    private final Login login;
    private final ReentrantLock settling = new ReentrantLock();
    private volatile Optional<Secret> apiKey;

    private Initialisation(IdentityFile file, Login login, Optional<Secret> apiKey) {
        this.file = file;
        this.login = login;
        this.apiKey = apiKey;
    }

    /**
     * As an earlier life of this agent left it, or else fresh with a password of 192 random bits.
     *
     * @throws java.io.UncheckedIOException when the identity that is there cannot be read
     */
    public static Initialisation resume(IdentityFile file, String user, SecureRandom random) {
        return file.read()
                .map(
                        identity ->
                                new Initialisation(
                                        file, identity.login(), Optional.of(identity.apiKey())))
                .orElseGet(
                        () ->
                                new Initialisation(
                                        file, new Login(user, password(random)), Optional.empty()));
    }

    private static Secret password(SecureRandom random) {
        var bytes = new byte[PASSWORD_BYTES];
        random.nextBytes(bytes);
        return new Secret(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    }

    /**
     * Settles on {@code key}, or finds out that this was done before.
     *
     * @return whether {@code key} is this container's key now
     * @throws IOException when it could not be kept; then nothing is settled
     */
    public boolean settle(Secret key) throws IOException {
        settling.lock();
        try {
            if (apiKey.isEmpty()) {
                file.write(new Identity(key, login));
                apiKey = Optional.of(key);
            }
            return apiKey.get().equals(key);
        } finally {
            settling.unlock();
        }
    }

    /** Whether init has happened, in this life or an earlier one. */
    public boolean done() {
        return apiKey.isPresent();
    }

    /** The key that init brought; empty before. */
    public Optional<Secret> apiKey() {
        return apiKey;
    }

    /** The login of the SSH server; nobody has been told it before init. */
    public Login login() {
        return login;
    }
}
