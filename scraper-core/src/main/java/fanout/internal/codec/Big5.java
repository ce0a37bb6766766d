package fanout.internal.codec;

import java.nio.ByteBuffer;

/** Big5 as the Encoding Standard has it (section 14.1), with the characters of Hong Kong. */
final class Big5 extends MultiByteCharset {

    private static final int TRAILS = 157;

    /** The first pointer without a character of Hong Kong: pages may have these, but they are not written. */
    private static final int FIRST_WRITTEN = (0xA1 - 0x81) * TRAILS;

    /** Of characters with two pointers the first is written; of these the last. */
    private static final String LAST_IS_WRITTEN = "\u2550\u255E\u2561\u256A\u5341\u5345";

    /** Where the Encoding Standard's index (CC0) differs from the JDK's Big5-HKSCS. */
    private static final String PATCH = """
            1133=ca+304 1135=ca+30c 1164=ea+304 1166=ea+30c 2082=7bb8 2088=7c06 2103=7cce 2114=7dd2 2123=7e1d
            2148=8005 2151=8028 2221=83c1 2239=84a8 2244=840f 2303=89a6,89a9 2354=8d77 2400=90fd 2413=92b9 2477=975c
            2498=97ff 2605=9f16 2673=8503 2746=5159,515b,515d,515e 2771=936e 2780=7479 2990=6d67 3087=799b 3259=9097
            3301=975d 3436=701e 3451=5b28 4136=7201 4138=77d7 4141=7e87 4182=99d6 4206=91d4 4220=60de 4230=6fb6
            4241=8f36 4258=4fbb 4273=71df 4279=9104 4282=9df0 4294=83cf 4329=5c10,79e3 4349=5a67 4419=8f0b 4422=7b51
            4494=62d0 4624=6062 4694=75f9 4708=6c4a 4742=9b2e 4748=9f17 4815=50ed 4828=5f0c 4902=880f 4922=62ce
            4982=7468 4992=7162 4997=7250 5029=2027 5038=fe51 5050=2574 5120=af,ffe3 5123=2cd 5153=ff5e
            5168=2295,2299 5180=ff0f,ff3c,2215,fe68 5185=ffe5 5187=ffe0,ffe1
            5432=2400,2401,2402,2403,2404,2405,2406,2407,2408,2409,240a,240b,240c,240d,240e,240f
            5448=2410,2411,2412,2413,2414,2415,2416,2417,2418,2419,241a,241b,241c,241d,241e,241f,2421,20ac
            10942=5ef4 10946=65e0 10948=7676 10950=96b6 10957=3003,4edd 19028=5029 19035=507d 19088=5305 19096=5344
            19112=537f 19162=5605 19240=5a77 19299=5e75 19305=5ed0 19326=5f58 19355=60a4 19398=6490 19439=6674
            19454=675e 19553=6c9c,6e1d 19557=6e2f 19611=716e 19643=732a 19672=745c 19697=74e9 19748=7809""";

    private final Index index = Index.of(126 * TRAILS, "Big5-HKSCS", Big5::bytesOf).patched(PATCH);
    private final Pointers pointers = new Pointers(index, pointer -> pointer >= FIRST_WRITTEN);

    Big5() {
        super("Big5");
    }

    @Override
    long read(int lead, ByteBuffer in, int at) {
        if (!isBetween(lead, 0x81, 0xFE)) {
            return Sequence.error(1);
        }
        int trail = byteAt(in, at + 1);
        return trail < 0 ? Sequence.INCOMPLETE : Sequence.ofOrError(units(lead, trail), 2, trail);
    }

    private int units(int lead, int trail) {
        return isBetween(trail, 0x40, 0x7E) || isBetween(trail, 0xA1, 0xFE)
                ? index.units((lead - 0x81) * TRAILS + trail - (trail < 0x7F ? 0x40 : 0x62))
                : 0;
    }

    private static long bytesOf(int pointer) {
        int trail = pointer % TRAILS;
        return pair(0x81 + pointer / TRAILS, trail + (trail < 0x3F ? 0x40 : 0x62));
    }

    @Override
    long bytes(int codePoint) {
        int pointer =
                LAST_IS_WRITTEN.indexOf(codePoint) < 0 ? pointers.first(codePoint) : pointers.last(codePoint);
        return pointer < 0 ? NONE : bytesOf(pointer);
    }
}
