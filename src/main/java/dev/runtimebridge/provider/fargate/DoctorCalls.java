package dev.runtimebridge.provider.fargate;

import dev.runtimebridge.provider.Finding;
import dev.runtimebridge.provider.fargate.Verdict.Nature;

import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** Asks AWS for what the doctor looks at; what it refuses becomes a finding. Repeats nothing. */
final class DoctorCalls {
    /** For things that always exist. */
    static final Pattern NEVER = Pattern.compile("(?!)");

    private final Verdicts verdicts;
    private final Consumer<Finding> told;

    /** What a call gave that may find nothing. */
    sealed interface Found<T> {
        record It<T>(T value) implements Found<T> {}

        /** AWS says that there is no such thing. */
        record Nothing<T>() implements Found<T> {}

        /** It could not be asked, and that was told. */
        record Unknown<T>() implements Found<T> {}
    }

    DoctorCalls(Verdicts verdicts, Consumer<Finding> told) {
        this.verdicts = verdicts;
        this.told = told;
    }

    void tell(Finding finding) {
        told.accept(finding);
    }

    /**
     * Looks something up that only the doctor wants to know: not being allowed to is a note.
     *
     * @param nothing error codes or messages that say that it does not exist
     */
    <T> Found<T> look(String check, String permission, Pattern nothing, Supplier<T> call) {
        return look(check, permission, nothing, false, call);
    }

    /** Looks something up that the bridge looks up, too: it must be allowed to. */
    <T> Found<T> look(String check, AwsAction action, Pattern nothing, Supplier<T> call) {
        return look(check, action.permission(), nothing, true, call);
    }

    private <T> Found<T> look(
            String check, String permission, Pattern nothing, boolean needed, Supplier<T> call) {
        try {
            return new Found.It<>(call.get());
        } catch (SdkException e) {
            if (e instanceof AwsServiceException answer && nothing.matcher(said(answer)).find()) {
                return new Found.Nothing<>();
            }
            var verdict = verdicts.of(permission, e);
            tell(
                    verdict.nature() == Nature.REFUSED && !needed
                            ? Finding.note(
                                    check,
                                    "not checked: " + verdict.cause().detail(),
                                    "allow " + permission + " to whoever runs this")
                            : Finding.wrong(
                                    check, verdict.cause().detail(), verdict.cause().hint()));
            return new Found.Unknown<>();
        }
    }

    /**
     * Makes a call that cannot do anything, to see whether the bridge may make it. Whatever AWS
     * says but a refusal means that it may.
     */
    void mayCall(String permission, Runnable harmless) {
        var check = "permission " + permission;
        try {
            harmless.run();
            tell(Finding.ok(check, "granted"));
        } catch (SdkException e) {
            var verdict = verdicts.of(permission, e);
            tell(
                    switch (verdict.nature()) {
                        case WRONG -> Finding.ok(check, "granted");
                        case REFUSED ->
                                Finding.wrong(
                                        check, verdict.cause().detail(), verdict.cause().hint());
                        case THROTTLED, PASSING ->
                                Finding.note(
                                        check,
                                        "not checked: " + verdict.cause().detail(),
                                        verdict.cause().hint());
                    });
        }
    }

    /** Whether AWS answers at all; empty when it does. */
    Optional<Verdict> failure(String permission, Runnable call) {
        try {
            call.run();
            return Optional.empty();
        } catch (SdkException e) {
            return Optional.of(verdicts.of(permission, e));
        }
    }

    private static String said(AwsServiceException answer) {
        var details = answer.awsErrorDetails();
        return details == null ? "" : details.errorCode() + ": " + details.errorMessage();
    }
}
