package dev.runtimebridge.provider;

import dev.runtimebridge.allocation.Fault;
import dev.runtimebridge.allocation.Fault.Owner;

import java.util.Locale;

/**
 * Why a container did not come up or went away.
 *
 * @param kind for machines
 * @param detail what happened, one sentence for people
 * @param owner who can mend it
 * @param hint what to do, one sentence for people; empty where nothing can be done
 */
public record Cause(Kind kind, String detail, Owner owner, String hint) {
    private static final int LONGEST = 500;

    /** The kinds, whether starting another container can help, and who can mend it as a rule. */
    public enum Kind {
        /**
         * The provider has no room in one of its places and tries another next time. It says so at
         * most once per place and minute, so that somebody who waits is not kept for ever.
         */
        NO_ROOM_HERE(true, Owner.PROVIDER),
        /** The provider has no room at the moment. */
        CAPACITY(true, Owner.PROVIDER),
        /** As much runs as the provider lets us run. */
        QUOTA(true, Owner.ADMIN),
        /** The provider, its network or its disks failed. */
        INFRASTRUCTURE(true, Owner.PROVIDER),
        /** The provider took back what it had given. */
        INTERRUPTED(true, Owner.PROVIDER),
        /** What the image names cannot be started. */
        IMAGE(false, Owner.ADMIN),
        /** A setting is wrong. */
        CONFIGURATION(false, Owner.ADMIN),
        /** We may not do what has to be done, or nobody knows us. */
        PERMISSION(false, Owner.ADMIN),
        /** It used more memory than it may. */
        OUT_OF_MEMORY(true, Owner.USER),
        /** It ended by itself. */
        EXITED(true, Owner.ADMIN),
        /** It was not up in time. */
        TIMED_OUT(true, Owner.ADMIN),
        /** Its agent could not be initialised. */
        AGENT(true, Owner.ADMIN),
        /** It is no longer there, and nobody knows why. */
        LOST(true, Owner.PROVIDER),
        /** We, or somebody else on purpose, stopped it. */
        STOPPED(true, Owner.ADMIN);

        private final boolean anotherMayHelp;
        private final Owner owner;

        Kind(boolean anotherMayHelp, Owner owner) {
            this.anotherMayHelp = anotherMayHelp;
            this.owner = owner;
        }

        public boolean anotherMayHelp() {
            return anotherMayHelp;
        }
    }

    public Cause {
        detail = shortened(detail);
        hint = shortened(hint);
    }

    /** One that its kind's usual owner mends, if anybody. */
    public Cause(Kind kind, String detail) {
        this(kind, detail, kind.owner, "");
    }

    /** The same with what to do about it. */
    public Cause hint(String what) {
        return new Cause(kind, detail, owner, what);
    }

    /** The same, of another kind. */
    public Cause as(Kind other) {
        return new Cause(other, detail, owner, hint);
    }

    /** What happened and what to do, for events and logs. */
    public String text() {
        return hint.isEmpty() ? detail : detail + "; " + hint;
    }

    /** For whoever reads why a launch failed. */
    public Fault fault() {
        return new Fault(kind.name().toLowerCase(Locale.ROOT), owner, hint);
    }

    private static String shortened(String text) {
        return text.length() > LONGEST ? text.substring(0, LONGEST) : text;
    }
}
