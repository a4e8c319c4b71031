package dev.runtimebridge.provider.local;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** No boundary: processes of the bridge's own user, told apart by folders and a mark. */
record Unseparated(AgentSoftware agent, SearchPath path, Optional<Path> setsid, String reason)
        implements Boundary {
    @Override
    public View view(ContainerFolder folder) {
        return new View(
                folder.home(),
                folder.state(),
                folder.temporary(),
                agent.supervisor(),
                agent.libraries(),
                agent.javaHome().resolve("bin/java"),
                path.toString());
    }

    /** In a session of its own where that can be had: Ctrl-C in the bridge's terminal spares it. */
    @Override
    public List<String> command(ContainerFolder folder, List<String> program) {
        List<String> command = new ArrayList<>();
        setsid.ifPresent(found -> command.add(found.toString()));
        command.addAll(program);
        return command;
    }

    @Override
    public OptionalInt owner() {
        return OptionalInt.empty();
    }

    @Override
    public String network() {
        return "unknown";
    }

    @Override
    public boolean endsWhole() {
        return false;
    }

    @Override
    public Isolation isolation() {
        List<String> meaning = new ArrayList<>();
        if ("root".equals(System.getProperty("user.name"))) {
            meaning.add(
                    "Users of a container are root on this machine: run the bridge as another user"
                            + " or let nobody in whom you would not give a root shell.");
        }
        meaning.add(
                "Containers are not separated ("
                        + reason
                        + "): users can read each other's files, see each other's processes and do"
                        + " whatever this account may.");
        meaning.add(
                "What a user starts is found by a mark in its environment when a container ends; a"
                        + " process that leaves its parents and clears its environment escapes"
                        + " that.");
        meaning.add("Memory and CPU limits of images are not applied.");
        return new Isolation(false, meaning);
    }

    @Override
    public boolean offers(String program) {
        return path.find(program).isPresent();
    }
}
