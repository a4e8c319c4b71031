package dev.runtimeagent.ssh;

import dev.runtimeagent.config.AgentSettings;
import dev.runtimeagent.config.LoginDefaults;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** What all programs of this server share, and which of them are running. */
final class SessionPrograms {
    /** How long a program may take to end after its channel is gone. */
    private static final Duration GRACE = Duration.ofSeconds(2);

    private final AgentSettings settings;
    private final LoginEnvironment environment;
    private final ScheduledExecutorService scheduler;
    private final Set<ProcessSession> running = ConcurrentHashMap.newKeySet();
    private final Set<ProcessSession> ending = ConcurrentHashMap.newKeySet();

    SessionPrograms(
            AgentSettings settings, LoginDefaults inherited, ScheduledExecutorService scheduler) {
        this.settings = settings;
        this.environment = new LoginEnvironment(settings, inherited);
        this.scheduler = scheduler;
    }

    Path shell() {
        return settings.shell();
    }

    /** The workspace, or the home where somebody has removed it. */
    Path folder() {
        return Files.isDirectory(settings.workspace()) ? settings.workspace() : settings.home();
    }

    Map<String, String> environment(Map<String, String> wishes) {
        return environment.with(wishes);
    }

    void started(ProcessSession session) {
        running.add(session);
    }

    /** Asks the session's processes to end, and sees to it that they do. */
    void end(ProcessSession session) {
        if (running.contains(session) && ending.add(session)) {
            session.hangUp();
            killLater(session);
        }
    }

    /** Again until none is left, because a process may fork between the look and the signal. */
    private void killLater(ProcessSession session) {
        try {
            var _ =
                    scheduler.schedule(
                            () -> {
                                if (session.kill()) {
                                    killLater(session);
                                } else {
                                    running.remove(session);
                                    ending.remove(session);
                                }
                            },
                            GRACE.toMillis(),
                            TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            session.kill(); // the server is closing: there is no later
        }
    }

    /** Ends all at once, for a server that closes, and waits until they are gone. */
    void endAll() {
        running.forEach(ProcessSession::hangUp);
        running.forEach(session -> session.killAndWait(GRACE));
        running.clear();
    }
}
