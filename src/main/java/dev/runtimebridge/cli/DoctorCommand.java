package dev.runtimebridge.cli;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;

/** {@code doctor}. */
@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        description = {
            "Looks at everything that launches depend on and says what is wrong and how to mend it."
                    + " Changes nothing and starts no container. Ends with status 1 when something"
                    + " has to be mended.",
            "Run it where the bridge runs, with the bridge's configuration: for PROVIDER=fargate it"
                    + " looks at credentials, cluster, the catalogue's task definitions, subnets,"
                    + " security groups and permissions. Without a configuration it looks at what"
                    + " './bridge up' needs.",
            "In a pipe: one line each, tabs between state (ok, note, wrong), what was looked at,"
                    + " what was found and what to do."
        })
final class DoctorCommand implements Callable<Integer> {
    private final Operations operations;
    private final LastUp lastUp;
    private final Surroundings around;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Look at the bridge that './bridge up --data DIR' starts.")
    private @Nullable Path data;

    @Option(names = "--json", description = "Print each finding as one line of JSON.")
    private boolean json;

    DoctorCommand(Operations operations, LastUp lastUp, Surroundings around) {
        this.operations = operations;
        this.lastUp = lastUp;
        this.around = around;
    }

    @Override
    public Integer call() {
        var wrong = new AtomicInteger();
        var folder = data == null ? lastUp.data() : data.toAbsolutePath().normalize();
        operations.doctor(
                new DoctorOptions(folder, data != null),
                result -> {
                    if (result.state() == CheckResult.State.WRONG) {
                        wrong.incrementAndGet();
                    }
                    show(result);
                });
        if (around.terminal() && !json) {
            around.out().println();
            around.out().println(verdict(wrong.get()));
        }
        around.out().flush();
        return (wrong.get() == 0 ? ExitStatus.DONE : ExitStatus.FAILED).code();
    }

    private void show(CheckResult result) {
        var state = result.state().name().toLowerCase(Locale.ROOT);
        if (json) {
            var shown = new LinkedHashMap<String, String>();
            shown.put("state", state);
            shown.put("check", result.check());
            shown.put("detail", result.detail());
            shown.put("hint", result.hint());
            around.out().println(BridgeCalls.text(shown));
        } else if (around.terminal()) {
            var word = String.format(Locale.ROOT, "%-5s", state);
            around.out()
                    .println(
                            (result.state() == CheckResult.State.WRONG
                                            ? around.style().bold(word)
                                            : word)
                                    + "  "
                                    + result.check()
                                    + ": "
                                    + result.detail());
            if (!result.hint().isEmpty()) {
                around.out().println("       -> " + result.hint());
            }
        } else {
            around.out()
                    .println(
                            String.join(
                                    "\t", state, result.check(), result.detail(), result.hint()));
        }
        around.out().flush();
    }

    private static String verdict(int wrong) {
        return switch (wrong) {
            case 0 -> "nothing has to be mended";
            case 1 -> "one thing has to be mended";
            default -> wrong + " things have to be mended";
        };
    }
}
