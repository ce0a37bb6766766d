package fanout.internal.codec;

import java.nio.charset.Charset;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A charset as servers and pages declare it: by one of the labels of the Encoding Standard (section 4.2). No other name
 * is one.
 *
 * @param name of the declared charset: what reports show
 * @param encoding the encoding that browsers take it for, as the standard spells it
 */
record CharsetLabel(String name, String encoding) {

    /**
     * The 228 labels. A line has the encoding and its labels; where the label names another charset, whose superset the
     * encoding is, the name of that one comes first.
     */
    private static final String TABLE = """
            UTF-8 unicode-1-1-utf-8 unicode11utf8 unicode20utf8 utf-8 utf8 x-unicode20utf8
            IBM866 866 cp866 csibm866 ibm866
            ISO-8859-2 csisolatin2 iso-8859-2 iso-ir-101 iso8859-2 iso88592 iso_8859-2 iso_8859-2:1987 l2 latin2
            ISO-8859-3 csisolatin3 iso-8859-3 iso-ir-109 iso8859-3 iso88593 iso_8859-3 iso_8859-3:1988 l3 latin3
            ISO-8859-4 csisolatin4 iso-8859-4 iso-ir-110 iso8859-4 iso88594 iso_8859-4 iso_8859-4:1988 l4 latin4
            ISO-8859-5 csisolatincyrillic cyrillic iso-8859-5 iso-ir-144 iso8859-5 iso88595 iso_8859-5
                iso_8859-5:1988
            ISO-8859-6 arabic asmo-708 csiso88596e csiso88596i csisolatinarabic ecma-114 iso-8859-6 iso-8859-6-e
                iso-8859-6-i iso-ir-127 iso8859-6 iso88596 iso_8859-6 iso_8859-6:1987
            ISO-8859-7 csisolatingreek ecma-118 elot_928 greek greek8 iso-8859-7 iso-ir-126 iso8859-7 iso88597
                iso_8859-7 iso_8859-7:1987 sun_eu_greek
            ISO-8859-8 csiso88598e csisolatinhebrew hebrew iso-8859-8 iso-8859-8-e iso-ir-138 iso8859-8 iso88598
                iso_8859-8 iso_8859-8:1988 visual
            ISO-8859-8-I csiso88598i iso-8859-8-i logical
            ISO-8859-10 csisolatin6 iso-8859-10 iso-ir-157 iso8859-10 iso885910 l6 latin6
            ISO-8859-13 iso-8859-13 iso8859-13 iso885913
            ISO-8859-14 iso-8859-14 iso8859-14 iso885914
            ISO-8859-15 csisolatin9 iso-8859-15 iso8859-15 iso885915 iso_8859-15 l9
            ISO-8859-16 iso-8859-16
            KOI8-R cskoi8r koi koi8 koi8-r koi8_r
            KOI8-U koi8-ru koi8-u
            macintosh csmacintosh mac macintosh x-mac-roman
            windows-874 dos-874 windows-874
            ISO-8859-11=windows-874 iso-8859-11 iso8859-11 iso885911
            TIS-620=windows-874 tis-620
            windows-1250 cp1250 windows-1250 x-cp1250
            windows-1251 cp1251 windows-1251 x-cp1251
            windows-1252 cp1252 windows-1252 x-cp1252
            ISO-8859-1=windows-1252 cp819 csisolatin1 ibm819 iso-8859-1 iso-ir-100 iso8859-1 iso88591 iso_8859-1
                iso_8859-1:1987 l1 latin1
            US-ASCII=windows-1252 ansi_x3.4-1968 ascii us-ascii
            windows-1253 cp1253 windows-1253 x-cp1253
            windows-1254 cp1254 windows-1254 x-cp1254
            ISO-8859-9=windows-1254 csisolatin5 iso-8859-9 iso-ir-148 iso8859-9 iso88599 iso_8859-9
                iso_8859-9:1989 l5 latin5
            windows-1255 cp1255 windows-1255 x-cp1255
            windows-1256 cp1256 windows-1256 x-cp1256
            windows-1257 cp1257 windows-1257 x-cp1257
            windows-1258 cp1258 windows-1258 x-cp1258
            x-mac-cyrillic x-mac-cyrillic x-mac-ukrainian
            GBK gbk x-gbk
            GB2312=GBK chinese csgb2312 csiso58gb231280 gb2312 gb_2312 gb_2312-80 iso-ir-58
            GB18030=gb18030 gb18030
            Big5 big5 cn-big5 csbig5 x-x-big5
            Big5-HKSCS=Big5 big5-hkscs
            EUC-JP cseucpkdfmtjapanese euc-jp x-euc-jp
            ISO-2022-JP csiso2022jp iso-2022-jp
            Shift_JIS csshiftjis ms_kanji shift-jis shift_jis sjis x-sjis
            windows-31j=Shift_JIS ms932 windows-31j
            EUC-KR cseuckr csksc56011987 euc-kr iso-ir-149 korean ks_c_5601-1987 ks_c_5601-1989 ksc5601 ksc_5601
            windows-949=EUC-KR windows-949
            replacement replacement
            HZ-GB-2312=replacement hz-gb-2312
            ISO-2022-CN=replacement iso-2022-cn
            ISO-2022-CN-EXT=replacement iso-2022-cn-ext
            ISO-2022-KR=replacement csiso2022kr iso-2022-kr
            UTF-16BE unicodefffe utf-16be
            UTF-16LE csunicode iso-10646-ucs-2 ucs-2 unicode unicodefeff utf-16 utf-16le
            x-user-defined x-user-defined""";

    private static final Map<String, CharsetLabel> LABELS = labels();

    private static Map<String, CharsetLabel> labels() {
        Map<String, CharsetLabel> labels = new HashMap<>();
        // A line that is indented continues the one before.
        for (String line : TABLE.split("\\n(?! )", -1)) {
            String[] words = line.strip().split("\\s+", -1);
            String[] names = words[0].split("=", -1);
            CharsetLabel label = new CharsetLabel(names[0], names[names.length - 1]);
            for (int i = 1; i < words.length; i++) {
                labels.put(words[i], label);
            }
        }
        return Map.copyOf(labels);
    }

    /** Returns all labels. */
    static Set<String> all() {
        return LABELS.keySet();
    }

    /** The standard's "get an encoding": white space around the label and its case do not matter. */
    static Optional<CharsetLabel> of(String label) {
        int from = 0;
        int to = label.length();
        while (from < to && isSpace(label.charAt(from))) {
            from++;
        }
        while (to > from && isSpace(label.charAt(to - 1))) {
            to--;
        }
        return Optional.ofNullable(LABELS.get(lowerCase(label.substring(from, to))));
    }

    /**
     * What this means in bytes that were read as ASCII: those are not UTF-16, and x-user-defined is for scripts. The
     * standard says UTF-8 and windows-1252.
     */
    Optional<CharsetLabel> inAscii() {
        return switch (encoding) {
            case "UTF-16BE", "UTF-16LE" -> of("utf-8");
            case "x-user-defined" -> of("windows-1252");
            default -> Optional.of(this);
        };
    }

    Charset charset() {
        return Encodings.of(encoding);
    }

    /** ASCII white space. */
    static boolean isSpace(char c) {
        return c <= ' ' && (c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r');
    }

    /** In ASCII only: a Kelvin sign is no k. */
    private static String lowerCase(String text) {
        StringBuilder lower = new StringBuilder(text);
        for (int i = 0; i < lower.length(); i++) {
            char c = lower.charAt(i);
            if (c >= 'A' && c <= 'Z') {
                lower.setCharAt(i, (char) (c + 'a' - 'A'));
            }
        }
        return lower.toString();
    }
}
