package dev.runtimebridge.cli;

import dev.runtimebridge.secret.Secret;

import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * What the command line cannot do as a client of the API. What returns a number returns the exit
 * status of the process, having written what went wrong, in one line, to the error stream.
 */
public interface Operations {
    /** Runs a bridge with everything embedded, until it is told to stop. */
    int up(UpOptions options);

    /** Runs a bridge from its configuration, until it is told to stop. */
    int serve();

    /** Runs an emulated AWS, until it is told to stop. */
    int emulateAws(EmulateOptions options);

    /** Brings the database to this version. */
    int migrate();

    /**
     * Writes the configuration of NGINX.
     *
     * @param folder absolute; may not exist yet
     */
    int gatewayConfig(Path folder);

    /**
     * A token that the bridge of a folder accepts, signed with the folder's development keys.
     *
     * @throws CommandFailed when there are no such keys
     */
    Secret token(TokenOptions options);

    /**
     * Looks at everything that launches depend on. Changes nothing.
     *
     * @param told each finding as soon as it is made
     */
    void doctor(DoctorOptions options, Consumer<CheckResult> told);

    /**
     * Has a bridge with everything embedded work for some minutes at most, for the JVM's cache of
     * classes.
     *
     * @param folder an empty one
     */
    int trainServer(Path folder);

    /**
     * Builds container images for containers to run.
     *
     * @param progress told of each step
     * @throws CommandFailed when one cannot be built
     */
    void buildImages(BuildOptions options, BuildProgress progress);

    /** A new set of keys for an installation, as lines {@code KEY=value}. */
    Secret newKeys();
}
