package fanout.okhttp;

import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** Certificates of authorities that a job trusts beside those that a client trusts already. */
final class TrustedAuthorities {

    private TrustedAuthorities() {}

    /** Sockets, and whom they trust. */
    record Trust(SSLSocketFactory sockets, X509TrustManager manager) {}

    /** Returns trust in the authorities and in those that a manager trusts. */
    static Trust added(List<X509Certificate> authorities, X509TrustManager base) {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int number = 0;
            for (X509Certificate known : base.getAcceptedIssuers()) {
                store.setCertificateEntry("known-" + number++, known);
            }
            for (X509Certificate given : authorities) {
                store.setCertificateEntry("given-" + number++, given);
            }
            X509TrustManager all = trustManager(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[]{all}, null);
            return new Trust(context.getSocketFactory(), all);
        } catch (GeneralSecurityException | java.io.IOException e) {
            throw new IllegalStateException("this JDK cannot trust the certificates of http.caFile", e);
        }
    }

    private static X509TrustManager trustManager(KeyStore store) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509TrustManager x509) {
                return x509;
            }
        }
        throw new GeneralSecurityException("no manager for X.509");
    }
}
