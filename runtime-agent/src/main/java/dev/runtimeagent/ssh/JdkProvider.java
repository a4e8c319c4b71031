package dev.runtimeagent.ssh;

import org.apache.sshd.common.util.security.AbstractSecurityProviderRegistrar;
import org.apache.sshd.common.util.security.SecurityUtils;
import org.apache.sshd.common.util.security.eddsa.generic.EdDSASupport;

import java.security.Provider;
import java.security.Security;
import java.util.Optional;

/** Makes {@link Ed25519} known to MINA SSHD, whose registry is one for the whole process. */
final class JdkProvider extends AbstractSecurityProviderRegistrar {
    private static final String NAME = "SunEC";

    private JdkProvider() {
        super(NAME);
    }

    /**
     * To be called before any other class of MINA SSHD is used; a second call does nothing. MINA's
     * own adapters are left out: looking for the libraries that they adapt to would open every jar.
     */
    static void register() {
        System.setProperty(SecurityUtils.SECURITY_PROVIDER_REGISTRARS, "none");
        if (!SecurityUtils.isProviderRegistered(NAME)) {
            SecurityUtils.registerSecurityProvider(new JdkProvider());
        }
    }

    @Override
    public Provider getSecurityProvider() {
        return Security.getProvider(NAME);
    }

    @Override
    public boolean isSupported() {
        return getSecurityProvider() != null;
    }

    @Override
    public Optional<EdDSASupport<?, ?>> getEdDSASupport() {
        return Optional.of(new Ed25519());
    }
}
