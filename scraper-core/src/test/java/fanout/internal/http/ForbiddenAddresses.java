package fanout.internal.http;

import java.util.List;
import java.util.stream.Stream;

/** Spellings, as the host of a URL, of addresses to which no crawl may connect. */
public final class ForbiddenAddresses {

    /** Spellings of addresses at which this machine accepts connections. */
    private static final List<String> LOOPBACK = List.of("127.0.0.1", "127.0.0.2", "127.255.255.254", "127.1",
            "127.0.1",
            "127.65535", "127.0xffff", "2130706433", "2130706434", "0x7f000001", "0X7F000001", "0x7f.0.0.1", "0x7f.1",
            "0x7F.0x0.0x0.0x1", "017700000001", "0177.0.0.1", "0177.1", "00177.0.0.01", "127.0.0.1.", "127.1.",
            "%31%32%37.0.0.1", "127.0.0%2E1", "\uff11\uff12\uff17.0.0.1", "127\u30020\u30020\u30021",
            "127\uff0e0\uff0e0\uff0e1", "\u2460\u2461\u2466.0.0.1", "0", "0.0.0.0", "0x0", "00", "localhost",
            "LOCALHOST",
            "localhost.", "[::1]", "[0:0:0:0:0:0:0:1]", "[0000::0001]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]",
            "[0:0:0:0:0:ffff:127.0.0.1]", "[::127.0.0.1]", "[::ffff:0:127.0.0.1]", "[64:ff9b::127.0.0.1]",
            "[64:ff9b::7f00:1]", "[64:ff9b:1::7f00:1]", "[2002:7f00:1::]", "[2002:7f00:1::1]",
            "[2001:0:4136:e378:8000:63bf:80ff:fffe]");

    /** And of what may be near it. */
    private static final List<String> PRIVATE = List.of("10.0.0.1", "10.255.255.255", "167772161", "0xa.0.0.1", "012.1",
            "172.16.0.1", "172.31.255.254", "0xac.16.1", "192.168.0.1", "192.168.1", "3232235521", "0xc0a80001",
            "0300.0250.0.1", "100.64.0.1", "100.127.255.254", "169.254.1.1", "169.254.169.254", "2852039166",
            "0xa9fea9fe",
            "0251.0376.0251.0376", "169.254.43518", "[::ffff:169.254.169.254]", "[64:ff9b::a9fe:a9fe]",
            "[2002:a9fe:a9fe::]", "169.254.170.2", "100.100.100.200", "168.63.129.16", "192.0.0.192",
            "[fd00:ec2::254]", "[fd20:ce::254]", "[fe80::a9fe:a9fe]", "192.0.2.1", "198.18.0.1", "198.51.100.1",
            "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255", "0.1.2.3", "[fc00::1]",
            "[fd12:3456:789a::1]", "[fe80::1]", "[febf::1]", "[fec0::1]", "[ff02::1]", "[::10.0.0.1]",
            "[::ffff:10.0.0.1]", "[::ffff:c0a8:1]", "[64:ff9b::10.0.0.1]", "[64:ff9b:1::a00:1]", "[2002:c0a8:1::1]",
            "[2001:db8::1]", "[100::1]", "[3fff::1]", "[5f00::1]");

    private ForbiddenAddresses() {}

    public static List<String> all() {
        return Stream.concat(LOOPBACK.stream(), PRIVATE.stream()).toList();
    }

    /** Without the names, which a test's own resolver would have to know. */
    public static List<String> literals() {
        return all().stream().filter(host -> !host.toLowerCase(java.util.Locale.ROOT).startsWith("localhost")).toList();
    }
}
