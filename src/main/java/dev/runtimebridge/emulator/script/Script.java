package dev.runtimebridge.emulator.script;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.function.ToIntFunction;
import java.util.function.UnaryOperator;

/** The scenario that is being played: it can be changed at any time, and keeps count. */
public final class Script {
    private final SplittableRandom random;
    private Scenario scenario;
    private List<Turn<CallFault>> faults = List.of();
    private List<Turn<Fate>> fates = List.of();

    public Script(Scenario scenario) {
        this.scenario = scenario;
        this.random = new SplittableRandom(scenario.seed());
        refill();
    }

    /** Something that still happens so many times. */
    private static final class Turn<T> {
        private final T what;
        private final boolean always;
        private int left;

        Turn(T what, int times) {
            this.what = what;
            this.always = times == 0;
            this.left = times;
        }
    }

    /** As it was last set; what has been used up is still in it. */
    public synchronized Scenario scenario() {
        return scenario;
    }

    /**
     * Goes on with another scenario. Faults and fates count anew.
     *
     * @throws IllegalArgumentException when the scale is to change, which it cannot
     */
    public synchronized void change(UnaryOperator<Scenario> how) {
        var next = how.apply(scenario);
        if (next.scale() != scenario.scale()) {
            throw new IllegalArgumentException("scale: is chosen at the start and stays");
        }
        scenario = next;
        refill();
    }

    /** One more thing goes wrong with calls, after those that are still to come. */
    public synchronized void add(CallFault fault) {
        faults.add(new Turn<>(fault, fault.times()));
    }

    /** One more thing befalls tasks. */
    public synchronized void add(Fate fate) {
        fates.add(new Turn<>(fate, fate.times()));
    }

    /** Nothing goes wrong and nothing befalls anybody from now on. */
    public synchronized void clear() {
        faults = new ArrayList<>();
        fates = new ArrayList<>();
    }

    /** What goes wrong with this call, if anything; counts it. */
    public synchronized Optional<CallFault> faultOf(String action) {
        return next(faults.iterator(), fault -> fault.concerns(action), CallFault::share);
    }

    /** All that befalls this task; counts it. */
    public synchronized List<Fate> fatesOf(String family, String subnet) {
        var mine = new ArrayList<Fate>();
        for (var turns = fates.iterator(); ; ) {
            var fate = next(turns, each -> each.concerns(family, subnet), Fate::share);
            if (fate.isEmpty()) {
                return List.copyOf(mine);
            }
            mine.add(fate.get());
        }
    }

    /** How long something takes this time; empty where it never happens. */
    public synchronized Optional<Duration> draw(Function<Scenario, Delay> which) {
        return which.apply(scenario).draw(random);
    }

    /** Whether something that happens in this share of the cases happens now. */
    public synchronized boolean happens(ToDoubleFunction<Scenario> share) {
        return random.nextDouble() < share.applyAsDouble(scenario);
    }

    private <T> Optional<T> next(
            Iterator<Turn<T>> turns, Function<T, Boolean> concerns, ToDoubleFunction<T> share) {
        while (turns.hasNext()) {
            var turn = turns.next();
            if (concerns.apply(turn.what)
                    && (share.applyAsDouble(turn.what) >= 1
                            || random.nextDouble() < share.applyAsDouble(turn.what))) {
                if (!turn.always && --turn.left == 0) {
                    turns.remove();
                }
                return Optional.of(turn.what);
            }
        }
        return Optional.empty();
    }

    private void refill() {
        faults = turns(scenario.faults(), CallFault::times);
        fates = turns(scenario.fates(), Fate::times);
    }

    private static <T> List<Turn<T>> turns(List<T> all, ToIntFunction<T> times) {
        var turns = new ArrayList<Turn<T>>();
        all.forEach(each -> turns.add(new Turn<>(each, times.applyAsInt(each))));
        return turns;
    }
}
