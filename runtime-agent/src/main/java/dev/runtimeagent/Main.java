package dev.runtimeagent;

import dev.runtimeagent.config.AgentSettings;
import dev.runtimeagent.config.InvalidSettings;
import dev.runtimeagent.config.LoginDefaults;
import dev.runtimeagent.ssh.EmbeddedSshServer;
import dev.runtimeagent.ssh.OpenSshServer;
import dev.runtimeagent.ssh.SshServer;

import org.slf4j.LoggerFactory;

import java.io.UncheckedIOException;

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
            start(AgentSettings.fromEnvironment());
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

    /** Starts an agent that ends with this process. */
    static Agent start(AgentSettings settings) {
        var agent = new Agent(settings, Main::sshServer);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> end(agent, settings), "shutdown"));
        agent.start();
        LoggerFactory.getLogger(Main.class)
                .info("answers at {}:{}", settings.address().getHostAddress(), agent.port());
        return agent;
    }

    private static void end(Agent agent, AgentSettings settings) {
        if (settings.onEcs()) {
            agent.awaitFarewell();
        }
        agent.close();
    }

    private static SshServer sshServer(AgentSettings settings) {
        return switch (settings.ssh()) {
            case EMBEDDED -> new EmbeddedSshServer(settings, LoginDefaults.fromEnvironment());
            case OPENSSH -> new OpenSshServer(settings, LoginDefaults.fromEnvironment());
        };
    }
}
