package fanout.url;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressNameTest {

    @ParameterizedTest
    @CsvSource({"127.0.0.1, 127.0.0.1", "::1, ::1", "::, ::", "2001:DB8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "2001:db8:1:2:3:4:5:6, 2001:db8:1:2:3:4:5:6", "fe80::1%1, fe80::1", "::ffff:10.0.0.1, 10.0.0.1"})
    void nameOfAnAddressIsThatOfItsUrls(String literal, String name) {
        String named = AddressName.of(InetAddress.ofLiteral(literal));

        assertThat(named).isEqualTo(name);
        Host host = new Host(named, 80);
        assertThat(CanonicalUrl.of("http://" + host + "/").host()).isEqualTo(host);
    }
}
