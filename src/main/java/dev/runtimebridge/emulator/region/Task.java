package dev.runtimebridge.emulator.region;

import dev.runtimebridge.emulator.script.Fate;
import dev.runtimebridge.emulator.script.Subnet;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A task, from RunTask on. Its state may be read at any time, and is changed by its life alone. */
public final class Task {
    private final String id;
    private final String arn;
    private final TaskOrder order;
    private final Subnet subnet;
    private final String provider;
    private final Instant visibleFrom;
    private final List<Fate> fates;
    private volatile TaskState state;
    private volatile @Nullable Instant answeredAt;
    private boolean pendingOver;
    private boolean containerAsked;

    Task(
            String id,
            String arn,
            TaskOrder order,
            Subnet subnet,
            String provider,
            Instant created,
            Instant visibleFrom,
            List<Fate> fates) {
        this.id = id;
        this.arn = arn;
        this.order = order;
        this.subnet = subnet;
        this.provider = provider;
        this.visibleFrom = visibleFrom;
        this.fates = fates;
        this.state = TaskState.created(created);
    }

    /** The last part of the ARN: 32 hexadecimal digits. */
    public String id() {
        return id;
    }

    public String arn() {
        return arn;
    }

    public TaskOrder order() {
        return order;
    }

    public Subnet subnet() {
        return subnet;
    }

    /** Its capacity provider, {@code FARGATE} or {@code FARGATE_SPOT}. */
    public String provider() {
        return provider;
    }

    public boolean spot() {
        return provider.equals(TaskOrder.SPOT);
    }

    public TaskState state() {
        return state;
    }

    /** When its agent could answer for the first time, where its runner tells. */
    public Optional<Instant> answeredAt() {
        return Optional.ofNullable(answeredAt);
    }

    /** The id of its network interface. */
    public String networkInterface() {
        return "eni-" + id.substring(0, 17);
    }

    /** The id of the attachment that its interface is. */
    public String attachment() {
        return id.substring(0, 8)
                + "-"
                + id.substring(8, 12)
                + "-"
                + id.substring(12, 16)
                + "-"
                + id.substring(16, 20)
                + "-"
                + id.substring(20);
    }

    /** The interface's hardware address. */
    public String mac() {
        var mac = new StringBuilder("0a");
        for (int at = 0; at < 10; at += 2) {
            mac.append(':').append(id, at, at + 2);
        }
        return mac.toString();
    }

    /** Whether reading calls know it already. */
    public boolean visible(Instant now) {
        return !now.isBefore(visibleFrom);
    }

    boolean wantsPublicIp() {
        return order.publicIp() && subnet.publicIps() && !fated(Fate.Kind.NO_PUBLIC_IP);
    }

    boolean fated(Fate.Kind kind) {
        return fates.stream().anyMatch(fate -> fate.kind() == kind);
    }

    List<Fate> fates() {
        return fates;
    }

    void become(TaskState next) {
        state = next;
    }

    void answered(Instant when) {
        if (answeredAt == null) {
            answeredAt = when;
        }
    }

    void pendingIsOver() {
        pendingOver = true;
    }

    boolean mayPull() {
        return pendingOver
                && state.place() != null
                && state.last() == TaskStatus.PENDING
                && state.wanted();
    }

    /** From now on a container exists, or is about to. */
    void containerIsAskedFor() {
        containerAsked = true;
    }

    boolean hasContainer() {
        return containerAsked && state.exitCode() == null;
    }
}
