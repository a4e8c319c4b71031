package dev.runtimebridge.testing;

import org.junit.platform.engine.TestTag;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestPlan;

/**
 * Builds the images of all languages, which takes minutes, while other tests run; only where one
 * will need them. Whoever comes for them before they are built waits.
 */
public final class ImagesAhead implements TestExecutionListener {
    /** The tag of tests that need them all. */
    public static final String WANTED = "all-images";

    @Override
    public void testPlanExecutionStarted(TestPlan plan) {
        var tag = TestTag.create(WANTED);
        if (plan.countTestIdentifiers(test -> test.getTags().contains(tag)) > 0) {
            // What goes wrong is found again, and told, by the first test that needs them.
            Thread.ofPlatform()
                    .daemon()
                    .name("images-ahead")
                    .start(() -> DockerDaemon.shared().allImages());
        }
    }
}
