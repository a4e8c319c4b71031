package dev.runtimeagent.ssh;

import static org.apache.sshd.common.kex.BuiltinDHFactories.curve25519;
import static org.apache.sshd.common.kex.BuiltinDHFactories.curve25519_libssh;
import static org.apache.sshd.common.kex.BuiltinDHFactories.dhg14_256;
import static org.apache.sshd.common.kex.BuiltinDHFactories.dhg16_512;
import static org.apache.sshd.common.kex.BuiltinDHFactories.dhg18_512;
import static org.apache.sshd.common.kex.BuiltinDHFactories.ecdhp256;
import static org.apache.sshd.common.kex.BuiltinDHFactories.ecdhp384;
import static org.apache.sshd.common.kex.BuiltinDHFactories.ecdhp521;

import org.apache.sshd.common.cipher.BuiltinCiphers;
import org.apache.sshd.common.compression.BuiltinCompressions;
import org.apache.sshd.common.kex.KeyExchangeFactory;
import org.apache.sshd.common.kex.extension.DefaultServerKexExtensionHandler;
import org.apache.sshd.common.mac.BuiltinMacs;
import org.apache.sshd.common.random.JceRandomFactory;
import org.apache.sshd.common.random.SingletonRandomFactory;
import org.apache.sshd.common.signature.BuiltinSignatures;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.kex.DHGServer;

import java.util.List;
import java.util.stream.Stream;

/**
 * What the server offers a client, best first: what OpenSSH offers and the JDK can do. Named one by
 * one, because MINA SSHD's own defaults try out every algorithm that it knows, those of libraries
 * that are not here too, which takes a tenth of the agent's start.
 */
final class Algorithms {
    private Algorithms() {}

    static void offer(SshServer server) {
        server.setKeyExchangeFactories(keyExchanges());
        server.setKexExtensionHandler(DefaultServerKexExtensionHandler.INSTANCE);
        server.setRandomFactory(new SingletonRandomFactory(JceRandomFactory.INSTANCE));
        server.setSignatureFactories(
                List.of(
                        BuiltinSignatures.ed25519,
                        BuiltinSignatures.nistp256,
                        BuiltinSignatures.nistp384,
                        BuiltinSignatures.nistp521,
                        BuiltinSignatures.sk_ssh_ed25519,
                        BuiltinSignatures.sk_ecdsa_sha2_nistp256,
                        BuiltinSignatures.rsaSHA512,
                        BuiltinSignatures.rsaSHA256));
        server.setCipherFactories(
                List.of(
                        BuiltinCiphers.aes128gcm,
                        BuiltinCiphers.aes256gcm,
                        BuiltinCiphers.cc20p1305_openssh,
                        BuiltinCiphers.aes128ctr,
                        BuiltinCiphers.aes256ctr));
        server.setMacFactories(
                List.of(
                        BuiltinMacs.hmacsha256etm,
                        BuiltinMacs.hmacsha512etm,
                        BuiltinMacs.hmacsha256));
        server.setCompressionFactories(
                List.of(BuiltinCompressions.none, BuiltinCompressions.delayedZlib));
    }

    private static List<KeyExchangeFactory> keyExchanges() {
        return Stream.of(
                        curve25519,
                        curve25519_libssh,
                        ecdhp256,
                        ecdhp384,
                        ecdhp521,
                        dhg16_512,
                        dhg18_512,
                        dhg14_256)
                .map(DHGServer::newFactory)
                .toList();
    }
}
