package dev.runtimebridge.provider;

/** Where a container's agent listens: a numeric IP address and a port. */
public record Address(String ip, int port) {
    public Address {
        if (ip.isBlank() || port < 1 || port > 65535) {
            throw new IllegalArgumentException("not an address: " + ip + " port " + port);
        }
    }

    @Override
    public String toString() {
        return (ip.indexOf(':') < 0 ? ip : "[" + ip + "]") + ":" + port;
    }
}
