/**
 * What an emulated AWS is like: records that say which clusters, subnets and task definitions there
 * are, how long everything takes, which quotas hold and what goes wrong. Read from a small file, or
 * made in code. Knows nothing of HTTP or of tasks.
 */
@NullMarked
package dev.runtimebridge.emulator.script;

import org.jspecify.annotations.NullMarked;
