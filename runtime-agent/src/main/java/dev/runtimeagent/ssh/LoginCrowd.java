package dev.runtimeagent.ssh;

import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.session.SessionListener;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Bounds how many connections may be about to log in; one more is dropped at once. */
final class LoginCrowd implements SessionListener {
    private static final int MOST = 30;

    private final Set<Session> unauthenticated = ConcurrentHashMap.newKeySet();

    @Override
    public void sessionCreated(Session session) {
        unauthenticated.add(session);
        if (unauthenticated.size() > MOST) {
            unauthenticated.remove(session);
            var _ = session.close(true);
        }
    }

    @Override
    public void sessionEvent(Session session, Event event) {
        if (event == Event.Authenticated) {
            unauthenticated.remove(session);
        }
    }

    @Override
    public void sessionClosed(Session session) {
        unauthenticated.remove(session);
    }
}
