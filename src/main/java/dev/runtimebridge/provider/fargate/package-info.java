/**
 * Containers as tasks on AWS Fargate. The only room that knows the AWS SDK; what it asks of AWS
 * goes through one place that keeps to the account's quotas and repeats what may be repeated.
 */
@NullMarked
package dev.runtimebridge.provider.fargate;

import org.jspecify.annotations.NullMarked;
