package dev.runtimeagent.run;

/**
 * A project that is not written, and nothing of it was. The message completes "the project was
 * refused: ".
 */
public final class ProjectRefused extends Exception {
    ProjectRefused(String why) {
        super(why);
    }
}
