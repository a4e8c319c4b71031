/**
 * An emulated region of one account: clusters, tasks and their life, client tokens, buckets, the
 * ledger, the queue of events. Knows the script and the port to whatever runs the containers; knows
 * nothing of HTTP. Every rule names the AWS page or service model it comes from.
 */
@NullMarked
package dev.runtimebridge.emulator.region;

import org.jspecify.annotations.NullMarked;
