/**
 * The code to run: fetched from its source and written into the workspace. Touches the file system
 * below the workspace and nothing else; knows nothing of who asks.
 */
@org.jspecify.annotations.NullMarked
package dev.runtimeagent.run;
