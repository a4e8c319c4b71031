/**
 * The wire of the emulated region: ECS, SQS (JSON), EC2, STS and IAM (query, XML), the task
 * metadata endpoint, and the emulator's own admin pages. What a call may say is checked here, as
 * AWS does; what it means is in {@code region}.
 */
@NullMarked
package dev.runtimebridge.emulator.wire;

import org.jspecify.annotations.NullMarked;
