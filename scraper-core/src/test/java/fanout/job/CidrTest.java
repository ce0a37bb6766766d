package fanout.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CidrTest {

    @ParameterizedTest
    @CsvSource({"10.0.0.0/8, 10.255.255.255, 11.0.0.0", "10.0.0.0/8, 10.0.0.0, 9.255.255.255",
        "192.168.0.128/25, 192.168.0.128, 192.168.0.127", "192.168.0.128/25, 192.168.0.255, 192.168.1.128",
        "172.16.0.0/12, 172.31.255.255, 172.32.0.0", "172.16.0.0/12, 172.16.0.0, 172.15.255.255",
        "224.0.0.0/3, 255.0.0.1, 223.255.255.255", "127.0.0.1, 127.0.0.1, 127.0.0.2",
        "127.0.0.1/32, 127.0.0.1, 127.0.0.0", "0.0.0.0/0, 255.255.255.255, ::1", "fd00::/8, fdff::1, fe00::",
        "::1, ::1, ::", "::/0, ffff::, 0.0.0.0", "2001:db8::/33, 2001:db8:7fff::, 2001:db8:8000::",
        "10.0.0.0/8, ::ffff:10.1.2.3, ::ffff:11.1.2.3"})
    void holdsTheAddressesOfItsPrefixAndNoOther(String block, String inside, String outside) {
        assertThat(Cidr.parse(block).contains(InetAddress.ofLiteral(inside))).isTrue();
        assertThat(Cidr.parse(block).contains(InetAddress.ofLiteral(outside))).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "10.0.0.1/8      | has bits beyond its prefix of 8",
        "10.128.0.0/8    | has bits beyond its prefix of 8",
        "127.0.0.1/31    | has bits beyond its prefix of 31",
        "::1/127         | has bits beyond its prefix of 127",
        "10.0.0.0/33     | prefix length must be between 0 and 32",
        "::/129          | prefix length must be between 0 and 128",
        "10.0.0.0/-1     | prefix length must be between 0 and 32",
        "10.0.0.0/x      | prefix length is not a number: 10.0.0.0/x",
        "10.0.0.0/       | prefix length is not a number: 10.0.0.0/",
        "10.0/16         | needs four numbers, as in 10.0.0.0/8: 10.0/16"})
    void whatIsNoBlockIsRefused(String text, String complaint) {
        assertThatIllegalArgumentException().isThrownBy(() -> Cidr.parse(text))
                .withMessage("network.allowedCidrs " + complaint
                        + (complaint.endsWith("32") || complaint.endsWith("128")
                                ? ", not " + text.substring(text.indexOf('/') + 1)
                                : ""));
    }

    @Test
    void namesAreNotLookedUp() {
        assertThatIllegalArgumentException().isThrownBy(() -> Cidr.parse("localhost"));
        assertThatIllegalArgumentException().isThrownBy(() -> Cidr.parse("/8"));
        assertThatIllegalArgumentException().isThrownBy(() -> new Cidr(new byte[5], 0))
                .withMessage("network.allowedCidrs needs 4 or 16 bytes");
    }

    @Test
    void isEqualByItsAddressAndItsPrefix() {
        Cidr block = Cidr.parse("10.0.0.0/8");

        assertThat(block).isEqualTo(new Cidr(new byte[]{10, 0, 0, 0}, 8))
                .hasSameHashCodeAs(new Cidr(new byte[]{10, 0, 0, 0}, 8))
                .isNotEqualTo(Cidr.parse("10.0.0.0/9"))
                .isNotEqualTo(Cidr.parse("11.0.0.0/8"))
                .doesNotHaveSameHashCodeAs(Cidr.parse("10.0.0.0/9"))
                .doesNotHaveSameHashCodeAs(Cidr.parse("11.0.0.0/8"))
                .hasToString("0a000000/8");
    }

    @Test
    void isNotChangedThroughItsBytes() {
        byte[] bytes = {10, 0, 0, 0};
        Cidr block = new Cidr(bytes, 8);
        bytes[0] = 11;
        block.network()[0] = 12;

        assertThat(block.network()).containsExactly(10, 0, 0, 0);
    }
}
