package dev.runtimeagent.ssh;

import org.apache.sshd.server.auth.AsyncAuthException;
import org.apache.sshd.server.auth.password.PasswordAuthenticator;
import org.apache.sshd.server.auth.pubkey.PublickeyAuthenticator;
import org.apache.sshd.server.config.keys.AuthorizedKeysAuthenticator;
import org.apache.sshd.server.session.ServerSession;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Lets one user in, by password or by a key that the user's own {@code ~/.ssh/authorized_keys}
 * names. A wrong password is answered late, without a thread that waits.
 */
final class LoginGuard implements PasswordAuthenticator, PublickeyAuthenticator {
    private static final Duration REFUSAL_DELAY = Duration.ofMillis(500);

    private final Login login;
    private final AuthorizedKeysAuthenticator authorizedKeys;
    private final ScheduledExecutorService scheduler;

    LoginGuard(Login login, Path home, ScheduledExecutorService scheduler) {
        this.login = login;
        this.authorizedKeys =
                new AuthorizedKeysAuthenticator(home.resolve(".ssh").resolve("authorized_keys"));
        this.scheduler = scheduler;
    }

    @Override
    public boolean authenticate(String user, String password, ServerSession session) {
        var rightPassword =
                MessageDigest.isEqual(digest(password), digest(login.password().reveal()));
        var rightUser = isUser(user);
        if (rightPassword && rightUser) {
            return true;
        }
        var later = new AsyncAuthException();
        var _ =
                scheduler.schedule(
                        () -> later.setAuthed(false),
                        REFUSAL_DELAY.toMillis(),
                        TimeUnit.MILLISECONDS);
        throw later;
    }

    @Override
    public boolean authenticate(String user, PublicKey key, ServerSession session) {
        return isUser(user) && authorizedKeys.authenticate(user, key, session);
    }

    private boolean isUser(String user) {
        return MessageDigest.isEqual(digest(user), digest(login.user()));
    }

    /** Of one length, so that comparing tells nothing of the length either. */
    private static byte[] digest(String text) {
        try {
            return MessageDigest.getInstance("SHA-256")
                    .digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
