package dev.runtimebridge.http;

import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.InetAddressSet;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Finds out who calls through proxies: the last address of {@code X-Forwarded-For} that is none of
 * theirs. Each proxy adds on the right whom it saw; what stands further left than the first
 * stranger that stranger may have made up. From anybody but a trusted proxy the header means
 * nothing, which is where Jetty's own customizer differs.
 */
final class BehindProxies implements HttpConfiguration.Customizer {
    /** Some balancers add the port, and brackets around IPv6 then. */
    private static final Pattern HOP =
            Pattern.compile("([0-9.]+)(?::\\d+)?|\\[([0-9a-fA-F:.]+)](?::\\d+)?|([0-9a-fA-F:.]+)");

    private final InetAddressSet trusted = new InetAddressSet();

    /**
     * @param networks of the proxies, {@code 10.0.6.0/24}
     * @throws IllegalArgumentException when one of them is none
     */
    BehindProxies(List<String> networks) {
        trusted.addAll(networks);
    }

    @Override
    public Request customize(Request request, HttpFields.Mutable answered) {
        var connection = request.getConnectionMetaData();
        if (!(connection.getRemoteSocketAddress() instanceof InetSocketAddress peer)) {
            return request;
        }
        var caller = caller(peer.getAddress(), request.getHeaders());
        return caller.equals(peer.getAddress())
                ? request
                : from(request, new InetSocketAddress(caller, 0));
    }

    /** An entry that is no address ends the way back: whoever added it saw nobody we know. */
    private InetAddress caller(InetAddress peer, HttpFields headers) {
        var hops = headers.getCSV(HttpHeader.X_FORWARDED_FOR, false);
        var caller = peer;
        for (int i = hops.size() - 1; i >= 0 && trusted.test(caller); i--) {
            var before = address(hops.get(i));
            if (before.isEmpty()) {
                break;
            }
            caller = before.get();
        }
        return caller;
    }

    private static Optional<InetAddress> address(String hop) {
        var form = HOP.matcher(hop);
        if (!form.matches()) {
            return Optional.empty();
        }
        var literal = form.group(1) != null ? form.group(1) : form.group(2);
        try {
            return Optional.of(InetAddress.ofLiteral(literal != null ? literal : form.group(3)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Request from(Request request, SocketAddress caller) {
        var connection =
                new ConnectionMetaData.Wrapper(request.getConnectionMetaData()) {
                    @Override
                    public SocketAddress getRemoteSocketAddress() {
                        return caller;
                    }
                };
        return new Request.Wrapper(request) {
            @Override
            public ConnectionMetaData getConnectionMetaData() {
                return connection;
            }
        };
    }
}
