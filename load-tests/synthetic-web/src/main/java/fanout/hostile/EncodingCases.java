package fanout.hostile;

import static fanout.hostile.Expected.failed;
import static fanout.hostile.Expected.ok;
import static fanout.hostile.HostileCase.visit;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.List;

/** Compressed bodies: bombs, truncated streams, encodings that the request does not accept. */
final class EncodingCases {

    private static final byte[] PAGE = "<title>packed</title>".getBytes(UTF_8);

    private EncodingCases() {}

    private static Script encoded(String encoding, byte[] body) {
        return (wire, path) -> wire.respond("200 OK\r\nContent-Type: text/html\r\nContent-Encoding: " + encoding, body);
    }

    private static byte[] cut(byte[] bytes, int end) {
        return Arrays.copyOf(bytes, bytes.length - end);
    }

    private static byte[] broken(byte[] bytes, int fromEnd) {
        byte[] copy = bytes.clone();
        copy[copy.length - fromEnd] ^= 0x55;
        return copy;
    }

    static List<HostileCase> all() {
        byte[] gzip = Packed.gzip(PAGE);
        return List.of(
                visit("a gigabyte of gzip", encoded("gzip", Packed.gigabyteOfGzip(new byte[0])),
                        failed("body_too_large")),
                visit("a gigabyte of deflate", encoded("deflate", Packed.gigabyteOfDeflate()),
                        failed("body_too_large")),
                visit("gzip", encoded("gzip", gzip), ok().title("packed").with("bytes", "21")),
                visit("GZIP", encoded("GZIP", gzip), ok().title("packed")),
                visit("gzip twice", encoded("gzip, gzip", Packed.gzip(gzip)), ok().title("packed").with("bytes", "21")),
                visit("gzip in brotli, with gaps in the list", encoded(", identity,GZIP , br,", Packed.brotliOf(gzip)),
                        ok().title("packed").with("bytes", "21")),
                visit("gzip of a gigabyte of gzip",
                        encoded("gzip, gzip", Packed.gzip(Packed.gigabyteOfGzip(new byte[0]))),
                        failed("body_too_large")),
                visit("gzip of a gigabyte that is no gzip", encoded("gzip, gzip", Packed.gigabyteOfGzip(gzip)),
                        failed("body_too_large")),
                visit("gzip a hundred times", encoded("gzip,".repeat(100), gzip),
                        failed("protocol").detail("100 codings")),
                visit("gzip cut short", encoded("gzip", cut(gzip, 12)), failed("protocol")),
                visit("gzip without its trailer", encoded("gzip", cut(gzip, 8)), failed("protocol")),
                visit("gzip with a wrong checksum", encoded("gzip", broken(gzip, 8)), failed("protocol")),
                visit("gzip with garbage behind it", encoded("gzip", Packed.joined(gzip, "garbage".getBytes(UTF_8))),
                        ok().title("packed").with("bytes", "21")),
                visit("gzip with zeros behind it", encoded("gzip", Packed.joined(gzip, new byte[512])),
                        ok().title("packed")),
                visit("gzip with two gigabytes behind it", (wire, path) -> {
                    wire.send("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\n\r\n");
                    wire.send(gzip);
                    wire.sendForever("garbage");
                }, failed("body_too_large")),
                visit("gzip in two members",
                        encoded("gzip", Packed.joined(gzip, Packed.gzip("<p>two</p>".getBytes(UTF_8)))),
                        ok().title("packed").with("bytes", "31")),
                visit("gzip in endless members of nothing", (wire, path) -> {
                    wire.send("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\n\r\n");
                    wire.sendForever(new String(Packed.gzip(new byte[0]), ISO_8859_1));
                }, failed("body_too_large")),
                visit("gzip in two members, one cut short",
                        encoded("gzip", Packed.joined(gzip, cut(gzip, 12))), failed("protocol")),
                visit("gzip that is none", encoded("gzip", PAGE), failed("protocol")),
                visit("gzip of nothing at all", encoded("gzip", new byte[0]), ok().with("bytes", "0")),
                visit("deflate with zlib's header", encoded("deflate", Packed.zlib(PAGE)), ok().title("packed")),
                visit("deflate without", encoded("deflate", Packed.deflate(PAGE)), ok().title("packed")),
                visit("deflate that is none", encoded("deflate", PAGE), failed("protocol")),
                visit("brotli", encoded("br", Packed.brotliPage()), ok().title("packed").with("bytes", "21")),
                visit("brotli of 64 MiB", encoded("br", Packed.brotliBomb()), failed("body_too_large")),
                visit("brotli of 64 MiB, with the widest window", encoded("br", Packed.brotliBombInAWideWindow()),
                        failed("body_too_large")),
                visit("brotli cut short", encoded("br", cut(Packed.brotliPage(), 2)), failed("protocol")),
                visit("brotli with garbage behind it",
                        encoded("br", Packed.joined(Packed.brotliPage(), "garbage".getBytes(UTF_8))),
                        ok().title("packed").with("bytes", "21")),
                visit("brotli with a window beyond the standard", encoded("br", Packed.brotliInALargeWindow()),
                        failed("protocol").detail("window")),
                visit("brotli that is none", encoded("br", PAGE), failed("protocol")),
                visit("brotli of nothing at all", encoded("br", new byte[0]), ok().with("bytes", "0")),
                visit("zstd", encoded("zstd", Packed.zstdPage()), ok().title("packed").with("bytes", "21")),
                visit("zstd in two frames, and bytes to skip",
                        encoded("zstd", Packed.joined(Packed.zstdToSkip(), Packed.zstdPage(), Packed.zstdPage())),
                        ok().title("packed").with("bytes", "42")),
                visit("zstd of a gigabyte", encoded("zstd", Packed.zstdBomb()), failed("body_too_large")),
                visit("zstd with a window of 2 GiB", encoded("zstd", Packed.zstdInAHugeWindow()),
                        failed("protocol").detail("window")),
                visit("zstd cut short", encoded("zstd", cut(Packed.zstdPage(), 2)), failed("protocol")),
                visit("zstd with garbage behind it",
                        encoded("zstd", Packed.joined(Packed.zstdPage(), "garbage".getBytes(UTF_8))),
                        ok().title("packed").with("bytes", "21")),
                visit("zstd that is none", encoded("zstd", PAGE), failed("protocol")),
                visit("zstd of nothing at all", encoded("zstd", new byte[0]), ok().with("bytes", "0")),
                visit("an unknown encoding", encoded("x-secret\u0007", PAGE), ok().title("packed")),
                visit("a charset for an encoding", encoded("utf-8", PAGE), ok().title("packed")),
                visit("an encoding of commas", encoded(",", PAGE), ok().title("packed")),
                visit("identity", encoded("identity", PAGE), ok().title("packed")));
    }
}
