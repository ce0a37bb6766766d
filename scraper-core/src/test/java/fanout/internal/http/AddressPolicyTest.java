package fanout.internal.http;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.job.Cidr;
import fanout.job.Network;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressPolicyTest {

    private static final AddressPolicy DEFAULT = new AddressPolicy(Network.DEFAULT);
    private static final AddressPolicy PRIVATE = new AddressPolicy(new Network(true, List.of()));

    private static InetAddress address(String literal) {
        return InetAddress.ofLiteral(literal);
    }

    private static AddressPolicy listing(String... cidrs) {
        return new AddressPolicy(new Network(false, java.util.stream.Stream.of(cidrs).map(Cidr::parse).toList()));
    }

    @Test
    void ofSeveralPoliciesEachMustAllow() {
        AddressPolicy both = new AddressPolicy(
                List.of(new Network(true, List.of(Cidr.parse("169.254.169.254"))),
                        new Network(false, List.of(Cidr.parse("10.0.0.0/8")))));
        assertThat(both.allows(address("8.8.8.8"))).isTrue();
        assertThat(both.allows(address("10.1.2.3"))).isTrue();
        assertThat(both.allows(address("127.0.0.1"))).isFalse();
        assertThat(both.allows(address("169.254.169.254"))).as("metadata, which one of them lists").isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0",
        "126.255.255.255", "128.0.0.1", "169.253.255.255", "172.15.255.255", "172.32.0.0", "192.0.1.0",
        "192.0.3.0", "192.167.255.255", "192.169.0.0", "198.17.255.255", "198.20.0.0", "223.255.255.255",
        "2001:4860:4860::8888", "2606:4700:4700::1111", "2a00::1", "::ffff:8.8.8.8", "64:ff9b::808:808",
        "2002:808:808::1", "2003::1", "2001:200::1"})
    void globalUnicastIsAllowed(String literal) {
        assertThat(DEFAULT.allows(address(literal))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "0.1.2.3", "10.0.0.0", "10.255.255.255", "100.64.0.0", "100.127.255.255",
        "127.0.0.1", "127.1.2.3", "127.255.255.255", "169.254.0.1", "169.254.169.254", "172.16.0.0",
        "172.31.255.255", "192.0.0.0", "192.0.0.170", "192.0.2.1", "192.88.99.1", "192.168.0.1",
        "192.168.255.255", "198.18.0.0", "198.19.255.255", "198.51.100.7", "203.0.113.9", "224.0.0.1",
        "239.255.255.255", "240.0.0.1", "255.255.255.255", "100.100.100.200", "168.63.129.16", "169.254.170.2",
        "::", "::1", "::127.0.0.1", "::8.8.8.8", "::ffff:127.0.0.1", "::ffff:7f00:1", "::ffff:10.0.0.1",
        "::ffff:0:127.0.0.1", "64:ff9b::127.0.0.1", "64:ff9b::a00:1", "64:ff9b:1::808:808", "2002:7f00:1::",
        "2002:a9fe:a9fe::1", "2002:c0a8:101::1", "2001::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2",
        "2001:10::1", "2001:2::1", "2001:db8::1", "3fff::1", "100::1", "100:0:0:1::1", "5f00::1", "fc00::1",
        "fd00:ec2::254", "fd12:3456::1", "fe80::1", "fe80::a9fe:a9fe", "febf::1", "fec0::1", "ff02::1", "ff0e::1",
        "4000::1", "e000::1"})
    void everythingElseIsRefused(String literal) {
        assertThat(DEFAULT.allows(address(literal))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "10.1.2.3", "192.168.1.1", "::1", "fd12:3456::1", "fe80::1",
        "224.0.0.1", "2001:db8::1", "64:ff9b::10.0.0.1", "8.8.8.8"})
    void privateAddressesCanBeOpened(String literal) {
        assertThat(PRIVATE.allows(address(literal))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"169.254.169.254", "169.254.169.253", "169.254.170.2", "169.254.170.23",
        "169.254.0.0", "169.254.42.42", "169.254.255.255", "100.100.100.200", "168.63.129.16", "192.0.0.192",
        "fd00:ec2::254", "fd00:ec2::23", "fd20:ce::254",
        "fe80::a9fe:a9fe", "::ffff:169.254.169.254", "::169.254.169.254", "64:ff9b::169.254.169.254",
        "64:ff9b:1::a9fe:a9fe", "64:ff9b:1:a9fe:a9:fe00::", "2002:a9fe:a9fe::", "::ffff:0:169.254.169.254",
        "2001:0:4136:e378:8000:63bf:5601:5601"})
    void openingPrivateAddressesDoesNotOpenMetadataServices(String literal) {
        assertThat(PRIVATE.allows(address(literal))).isFalse();
    }

    @Test
    void listedBlockOpensExactlyWhatItLists() {
        AddressPolicy policy = listing("127.0.0.2/31", "fd00::/8");
        assertThat(policy.allows(address("127.0.0.2"))).isTrue();
        assertThat(policy.allows(address("127.0.0.3"))).isTrue();
        assertThat(policy.allows(address("::ffff:127.0.0.3"))).isTrue();
        assertThat(policy.allows(address("127.0.0.1"))).isFalse();
        assertThat(policy.allows(address("127.0.0.4"))).isFalse();
        assertThat(policy.allows(address("64:ff9b::127.0.0.2"))).isFalse();
        assertThat(policy.allows(address("fdff::1"))).isTrue();
        assertThat(policy.allows(address("fc00::1"))).isFalse();
    }

    @Test
    void metadataServiceIsOpenedByListingIt() {
        assertThat(listing("169.254.169.254").allows(address("169.254.169.254"))).isTrue();
        assertThat(listing("169.254.169.254").allows(address("169.254.169.253"))).isFalse();
        assertThat(listing("169.254.0.0/16").allows(address("169.254.169.254"))).isTrue();
        assertThat(listing("169.254.170.0/24").allows(address("169.254.170.2"))).isTrue();
        assertThat(listing("169.254.170.0/24").allows(address("169.254.169.254"))).isFalse();
        assertThat(listing("fd00:ec2::254").allows(address("fd00:ec2::254"))).isTrue();
        assertThat(listing("64:ff9b::a9fe:a9fe").allows(address("64:ff9b::169.254.169.254"))).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"169.254.169.254, 169.254.0.0/15", "169.254.1.1, 128.0.0.0/1", "169.254.169.254, 0.0.0.0/0",
        "100.100.100.200, 100.64.0.0/10", "168.63.129.16, 168.63.129.0/24", "fd00:ec2::254, fd00::/8",
        "fe80::a9fe:a9fe, ::/0", "64:ff9b::169.254.169.254, 64:ff9b::/96"})
    void blockOfMoreThanMetadataDoesNotOpenIt(String literal, String block) {
        assertThat(listing(block).allows(address(literal))).isFalse();
        assertThat(new AddressPolicy(new Network(true, List.of(Cidr.parse(block)))).allows(address(literal))).isFalse();
    }
}
