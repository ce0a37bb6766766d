package fanout.app.service.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The address that a service listens on is one of its names, unless it stands for all of them. */
class ServiceHostNamesTest {

    @Test
    void theAddressThatItListensOnIsAName() {
        ServiceHostNames names = new ServiceHostNames(List.of("A.example"), InetAddress.ofLiteral("10.1.2.3"));
        assertThat(
                List.of("10.1.2.3", "10.1.2.3:80", "a.EXAMPLE", "a.example.:1", "localhost", "[::1]:8080", "127.9.9.9"))
                .allMatch(names::allows);
        assertThat(List.of("10.1.2.4", "0.0.0.0", "[10.1.2.3", ":80", "", "a.example..", "b.example"))
                .noneMatch(names::allows);
        ServiceHostNames version6 = new ServiceHostNames(List.of(), InetAddress.ofLiteral("2001:db8::7"));
        assertThat(List.of("[2001:db8:0:0:0:0:0:7]:80", "[2001:db8::7]", "[2001:DB8::0:7]")).allMatch(version6::allows);
    }

    @Test
    void theAddressOfAllIsNone() {
        for (String any : List.of("0.0.0.0", "::")) {
            ServiceHostNames names = new ServiceHostNames(List.of(), InetAddress.ofLiteral(any));
            assertThat(List.of("0.0.0.0", "[::]", "[0:0:0:0:0:0:0:0]", "10.1.2.3")).noneMatch(names::allows);
            assertThat(names.allows("127.0.0.1")).isTrue();
        }
    }
}
