package dev.runtimebridge;

import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What {@code up} says once it is ready. */
final class Welcome {
    private Welcome() {}

    static void print(
            PrintStream out,
            URI url,
            Optional<URI> gateway,
            Path data,
            boolean keepsFiles,
            List<String> notes) {
        out.println("ready " + url);
        out.println();
        out.println("  try in another terminal:");
        out.println("    ./bridge launch --image python           a runtime for user 1");
        out.println("    ./bridge ssh --image python              a shell in it");
        out.println("    ./bridge ps                              what runs");
        out.println("    ./bridge token --user 7                  a token, for curl and Swagger");
        out.println("  the API: " + url + "/swagger");
        gateway.ifPresent(
                address -> {
                    out.println("  through the gateway: " + address + "/swagger");
                    out.println("    a launch's open_url lets a browser into its container");
                });
        out.println("  data and logs: " + data);
        for (var note : notes) {
            out.println("  note: " + note);
        }
        out.println();
        out.println(
                "  Ctrl-C ends it and every runtime"
                        + (keepsFiles ? "; files in workspaces are kept." : "."));
        out.flush();
    }
}
