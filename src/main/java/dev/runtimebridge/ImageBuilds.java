package dev.runtimebridge;

import dev.runtimebridge.cli.BuildOptions;
import dev.runtimebridge.cli.BuildProgress;
import dev.runtimebridge.cli.CommandFailed;
import dev.runtimebridge.cli.ExitStatus;
import dev.runtimebridge.provider.ProviderException;
import dev.runtimebridge.provider.docker.BuildContext;
import dev.runtimebridge.provider.docker.Engine;
import dev.runtimebridge.provider.docker.RuntimeImages;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** {@code images build}. */
final class ImageBuilds {
    private final Engine engine;
    private final RuntimeImages images;

    ImageBuilds(Engine engine) {
        this.engine = engine;
        var agent = ProviderWiring.agentSoftware();
        var scripts = agent.supervisor().resolve("..").normalize();
        this.images =
                new RuntimeImages(
                        engine,
                        new BuildContext(
                                scripts.resolveSibling("images"),
                                agent.libraries(),
                                scripts,
                                agent.javaHome()));
    }

    /**
     * Builds what was asked for.
     *
     * @throws CommandFailed when that cannot be done
     */
    void run(BuildOptions options, BuildProgress progress) {
        try {
            refuseOtherMachines();
            for (var name : wanted(options.names())) {
                progress.begins(name);
                var base = options.base().isEmpty() ? RuntimeImages.DEBIAN : options.base();
                progress.built(images.build(name, base, progress::says));
            }
        } catch (ProviderException e) {
            throw new CommandFailed(ExitStatus.FAILED, e.why().text(), e);
        } catch (IOException e) {
            throw new CommandFailed(ExitStatus.FAILED, String.valueOf(e.getMessage()), e);
        }
    }

    /** The agent's Java runtime is made of this one. */
    private void refuseOtherMachines() {
        var theirs = engine.about().architecture();
        var ours = System.getProperty("os.arch");
        if (!theirs.equals(ours) || !System.getProperty("os.name").equals("Linux")) {
            throw new CommandFailed(
                    "images are built on the engine's kind of machine, a Linux on "
                            + theirs
                            + ": this is "
                            + System.getProperty("os.name")
                            + " on "
                            + ours);
        }
    }

    /** Without the base nothing can be built. */
    private List<String> wanted(List<String> named) throws IOException {
        var all = images.names();
        for (var name : named) {
            if (!all.contains(name)) {
                throw new CommandFailed(
                        ExitStatus.MISUSED,
                        "there is no image " + name + "; there are " + String.join(", ", all));
            }
        }
        if (named.isEmpty()) {
            return all;
        }
        List<String> wanted = new ArrayList<>(named);
        wanted.remove(RuntimeImages.BASE);
        wanted.addFirst(RuntimeImages.BASE);
        return wanted;
    }
}
