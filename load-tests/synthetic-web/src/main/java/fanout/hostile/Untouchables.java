package fanout.hostile;

import static fanout.hostile.HostileCase.untouchable;

import java.util.List;

/** Addresses that the job does not open. */
final class Untouchables {

    private Untouchables() {}

    static List<HostileCase> all() {
        return List.of(
                untouchable("http://127.0.0.1:PORT/direct", "http://127.0.0.1:PORT/direct"),
                untouchable("http://127.2.0.0:PORT/neighbour", "http://127.2.0.0:PORT/neighbour"),
                untouchable("http://127.0.255.255:PORT/neighbour", "http://127.0.255.255:PORT/neighbour"),
                untouchable("http://2130706433:PORT/decimal", "http://127.0.0.1:PORT/decimal"),
                untouchable("http://0x7f000001:PORT/hex", "http://127.0.0.1:PORT/hex"),
                untouchable("http://0177.1:PORT/octal", "http://127.0.0.1:PORT/octal"),
                untouchable("http://localhost:PORT/name", "http://localhost:PORT/name"),
                untouchable("http://0.0.0.0:PORT/", "http://0.0.0.0:PORT/"),
                untouchable("http://[::1]:PORT/", "http://[::1]:PORT/"),
                untouchable("http://[::ffff:127.0.0.1]:PORT/mapped", "http://127.0.0.1:PORT/mapped"),
                untouchable("http://[64:ff9b::7f00:1]:PORT/", "http://[64:ff9b::7f00:1]:PORT/"),
                untouchable("http://10.0.0.1/", "http://10.0.0.1/"),
                untouchable("http://169.254.169.254/latest/meta-data/", "http://169.254.169.254/latest/meta-data/"),
                untouchable("http://[fd00:ec2::254]/latest/meta-data/", "http://[fd00:ec2::254]/latest/meta-data/"));
    }
}
