package dev.runtimebridge.provider.fargate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runtimebridge.provider.Cause;
import dev.runtimebridge.provider.Cause.Kind;
import dev.runtimebridge.testing.SettableClock;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

class TroubleTest {
    private static final Cause EXPIRED =
            new Cause(Kind.PERMISSION, "AWS does not accept the bridge's credentials");

    private final SettableClock clock = new SettableClock();
    private final Trouble trouble = new Trouble(clock);

    @Test
    void whatAwsRefusesIsTriedNowAndThenAndMoreRarely() {
        int tries = 0;
        for (int second = 0; second < 120; second++) {
            for (int caller = 0; caller < 50; caller++) {
                if (trouble.barred(AwsAction.RUN_TASK).isEmpty()) {
                    tries++;
                    trouble.refused(AwsAction.RUN_TASK, EXPIRED, false);
                }
            }
            clock.pass(Duration.ofSeconds(1));
        }
        assertThat(tries).isBetween(10, 20);
    }

    @Test
    void onlyTheActionThatIsRefusedIsHeldBack() {
        trouble.refused(AwsAction.RUN_TASK, EXPIRED, false);
        assertThat(trouble.barred(AwsAction.DESCRIBE_TASKS)).isEmpty();
        assertThat(trouble.barred(AwsAction.RUN_TASK))
                .hasValueSatisfying(barred -> assertThat(barred.cause()).isEqualTo(EXPIRED));
    }

    @Test
    void anAnswerEndsIt() {
        trouble.refused(AwsAction.RUN_TASK, EXPIRED, false);
        assertThat(trouble.now()).contains(EXPIRED.text());
        trouble.answered(AwsAction.RUN_TASK);
        assertThat(trouble.now()).isEmpty();
        assertThat(trouble.barred(AwsAction.RUN_TASK)).isEmpty();
    }

    @Test
    void oneReasonGivesOneAlarmHoweverManyActionsFailForIt() {
        var alarms =
                alarmsWhile(
                        () -> {
                            for (var action : AwsAction.values()) {
                                for (int i = 0; i < 5; i++) {
                                    trouble.refused(action, EXPIRED, false);
                                }
                            }
                        });
        assertThat(alarms).singleElement().asString().contains("credentials");
    }

    private static List<String> alarmsWhile(Runnable work) {
        var logger = Logger.getLogger(Trouble.class.getName());
        var heard = new ArrayList<String>();
        var handler =
                new Handler() {
                    @Override
                    public void publish(LogRecord entry) {
                        if (entry.getLevel() == Level.SEVERE) {
                            heard.add(entry.getMessage());
                        }
                    }

                    @Override
                    public void flush() {}

                    @Override
                    public void close() {}
                };
        logger.addHandler(handler);
        try {
            work.run();
        } finally {
            logger.removeHandler(handler);
        }
        return heard;
    }
}
