package fanout.internal.codec;

import java.nio.charset.Charset;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The encodings of the Encoding Standard (section 4.2), each made when it is first needed. Thread-safe. */
final class Encodings {

    private static final Map<String, Charset> MADE = new ConcurrentHashMap<>();

    private Encodings() {}

    /** The encoding of this name, as the standard spells it. */
    static Charset of(String name) {
        return MADE.computeIfAbsent(name, Encodings::make);
    }

    private static Charset make(String name) {
        return switch (name) {
            case "UTF-8" -> new Utf8();
            case "UTF-16BE" -> Utf16.bigEndian();
            case "UTF-16LE" -> Utf16.littleEndian();
            case "GBK" -> Gb18030.gbk();
            case "gb18030" -> Gb18030.gb18030();
            case "Big5" -> new Big5();
            case "EUC-JP" -> new EucJp();
            case "ISO-2022-JP" -> new Iso2022Jp();
            case "Shift_JIS" -> new ShiftJis();
            case "EUC-KR" -> new EucKr();
            case "replacement" -> new Replacement();
            case "x-user-defined" -> SingleByte.userDefined();
            default -> SingleByte.of(name);
        };
    }
}
