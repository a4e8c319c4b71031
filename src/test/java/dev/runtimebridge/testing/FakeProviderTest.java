package dev.runtimebridge.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runtimebridge.provider.Address;
import dev.runtimebridge.provider.Batch;
import dev.runtimebridge.provider.Cause;
import dev.runtimebridge.provider.ContainerRef;
import dev.runtimebridge.provider.Observation;
import dev.runtimebridge.provider.Provider;
import dev.runtimebridge.provider.ProviderContract;
import dev.runtimebridge.provider.ProviderException;
import dev.runtimebridge.provider.Started;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

final class FakeProviderTest extends ProviderContract {
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
    private final StubAgents agents = new StubAgents();
    private final FakeProvider provider = new FakeProvider(now::get, agents);

    @AfterEach
    void closeAgents() {
        agents.close();
    }

    @Override
    protected Provider provider() {
        return provider;
    }

    @Override
    protected Address reach(ContainerRef ref) {
        if (provider.observe(List.of(ref)).get(ref) instanceof Observation.Reachable(var at, _)) {
            return at;
        }
        throw new AssertionError(ref + " is not reachable");
    }

    @Override
    protected boolean keepsFiles() {
        return false;
    }

    @Override
    protected void write(ContainerRef ref, String file, String text) {
        throw new UnsupportedOperationException();
    }

    @Override
    protected String read(ContainerRef ref, String file) {
        throw new UnsupportedOperationException();
    }

    @Test
    void aScriptedDelayPassesWithTheClock() {
        provider.startsTake(Duration.ofSeconds(30));
        var ref = start("slow", 1).getFirst();
        assertThat(provider.observe(List.of(ref)).get(ref))
                .isEqualTo(new Observation.Pending("starting"));
        now.set(Instant.EPOCH.plusSeconds(30));
        assertThat(reach(ref)).isNotNull();
    }

    @Test
    void aLostReplyHasStartedWhatTheRepeatNames() {
        provider.loseNextStartReply();
        assertThatThrownBy(() -> start("lost", 1)).isInstanceOf(ProviderException.class);
        assertThat(provider.started()).hasSize(1);
        assertThat(start("lost", 1)).isEqualTo(provider.running());
    }

    @Test
    void aDeclinedStartIsNotInTheLedger() {
        var full = new Cause(Cause.Kind.CAPACITY, "no room");
        provider.declineNext(1, full);
        assertThat(provider.start(new Batch("declined", SHELL, 2)))
                .first()
                .isEqualTo(new Started.Declined(full));
        assertThat(provider.started()).hasSize(1);
    }

    @Test
    void anAgentAnswersAtTheAddressUntilItsContainerEnds() throws Exception {
        var ref = start("answering", 1).getFirst();
        var ping = URI.create("http://" + reach(ref) + "/ping");
        try (var http = HttpClient.newHttpClient()) {
            var answer =
                    http.send(
                            HttpRequest.newBuilder(ping).build(),
                            HttpResponse.BodyHandlers.ofString());
            assertThat(answer.body()).contains("\"pong\"").contains(ref.value());
            provider.end(ref, new Cause(Cause.Kind.EXITED, "scripted"));
            assertThatThrownBy(
                            () ->
                                    http.send(
                                            HttpRequest.newBuilder(ping).build(),
                                            HttpResponse.BodyHandlers.discarding()))
                    .isInstanceOf(java.io.IOException.class);
        }
    }

    @Test
    void anEndIsHintedAndSeen() {
        var heard = new AtomicReference<ContainerRef>();
        provider.onChange(heard::set);
        var ref = start("ending", 1).getFirst();
        provider.end(ref, new Cause(Cause.Kind.OUT_OF_MEMORY, "scripted"));
        assertThat(heard.get()).isEqualTo(ref);
        assertThat(provider.running()).isEmpty();
        assertThat(provider.owned()).containsExactly(ref);
    }
}
