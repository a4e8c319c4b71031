package dev.runtimeagent;

import dev.runtimeagent.config.AgentSettings;
import dev.runtimeagent.config.InvalidSettings;
import dev.runtimeagent.config.LoginDefaults;
import dev.runtimeagent.ssh.EmbeddedSshServer;
import dev.runtimeagent.ssh.SshServer;

import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.logging.LogManager;

/** Starts the agent, from its environment. {@code bin/run-agent} starts this. */
public final class Main {
    /**
     * Exit status for what a restart cannot mend: the environment or what is kept of an earlier
     * life.
     */
    static final int CONFIGURATION = 78;

    /** Exit status for what a restart may mend. */
    static final int FAILED = 1;

    private Main() {}

    /** Takes no arguments; returns when the agent answers, which then runs until SIGTERM. */
    public static void main(String[] arguments) {
        try {
            readLogging();
            start();
        } catch (InvalidSettings e) {
            e.faults().forEach(fault -> System.err.println("runtime-agent: " + fault));
            System.exit(CONFIGURATION);
        } catch (UncheckedIOException e) {
            System.err.println("runtime-agent: " + e.getMessage());
            System.exit(FAILED);
        } catch (RuntimeException e) {
            LoggerFactory.getLogger(Main.class).error("the agent could not start", e);
            System.exit(FAILED);
        }
    }

    private static void start() {
        var settings = AgentSettings.fromEnvironment();
        var agent = new Agent(settings, Main::sshServer);
        Runtime.getRuntime().addShutdownHook(new Thread(agent::close, "shutdown"));
        agent.start();
        LoggerFactory.getLogger(Main.class)
                .info("answers at {}:{}", settings.address().getHostAddress(), agent.port());
    }

    static SshServer sshServer(AgentSettings settings) {
        return switch (settings.ssh()) {
            case EMBEDDED -> new EmbeddedSshServer(settings, LoginDefaults.fromEnvironment());
            case OPENSSH ->
                    throw new InvalidSettings(
                            List.of(
                                    "AGENT_SSH is \"openssh\", which this version cannot start; set"
                                            + " it to embedded"));
        };
    }

    static void readLogging() {
        try (var configuration = Main.class.getResourceAsStream("logging.properties")) {
            LogManager.getLogManager().readConfiguration(configuration);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
