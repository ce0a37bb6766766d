package fanout.journal;

import fanout.page.Request;
import fanout.page.Request.References;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What a request has that a plain GET has not, at the end of its record. */
final class DetailsRecord {

    private static final String TEXT = "s";
    private static final String TRUTH = "b";
    private static final String WHOLE = "i";
    private static final String DECIMAL = "d";

    /** What a request may lack. */
    private static final int BODY = 1;
    private static final int IDENTITY = 2;
    /** What a body may be. */
    private static final int OCTETS = 4;
    /** How references to secrets are put into the body takes two bits, from this one on. */
    private static final int REFERENCES = 3;
    private static final int EXTERNAL = 32;
    /** All bits from this one on: which entries have picked it. */
    private static final int PICKS = 6;

    private DetailsRecord() {}

    static void write(Request.Details details, RecordWriter out) {
        out.word(details.method().name()).number(details.headers().size());
        details.headers().forEach((name, value) -> out.word(name).word(value));
        out.number((details.body().isPresent() ? BODY : 0) | (details.identity().isPresent() ? IDENTITY : 0)
                | (details.body().filter(Request.Body::isOctets).isPresent() ? OCTETS : 0)
                | number(details.references()) << REFERENCES | (details.isExternal() ? EXTERNAL : 0)
                | (long) details.picks() << PICKS);
        details.body().ifPresent(body -> out.word(body.contentType()).text(body.text()));
        out.number(zigzag(details.priority())).number(details.data().size());
        details.data().forEach((name, value) -> out.word(name).word(kind(value)).text(value.toString()));
        details.identity().ifPresent(out::text);
    }

    static Request.Details read(RecordReader in) throws DamageException {
        Request.Method method = Request.Method.valueOf(in.word());
        Map<String, String> headers = new LinkedHashMap<>();
        for (int left = in.smallNumber(); left > 0; left--) {
            headers.put(in.word(), in.word());
        }
        long parts = in.number();
        Optional<Request.Body> body = (parts & BODY) == 0 ? Optional.empty()
                : Optional.of(new Request.Body(in.word(), in.text(), (parts & OCTETS) != 0));
        int priority = unzigzag(in.number());
        Map<String, Object> data = new LinkedHashMap<>();
        for (int left = in.smallNumber(); left > 0; left--) {
            data.put(in.word(), value(in.word(), in.text()));
        }
        Optional<String> identity = (parts & IDENTITY) == 0 ? Optional.empty() : Optional.of(in.text());
        return new Request.Details(method, headers, body, priority, data, identity,
                references((int) (parts >>> REFERENCES & 3)), (parts & EXTERNAL) != 0,
                (int) (parts >>> PICKS));
    }

    private static int number(References references) {
        return switch (references) {
            case NONE -> 0;
            case IN_TEXT -> 1;
            case IN_FORM -> 2;
            case IN_JSON -> 3;
        };
    }

    private static References references(int number) {
        return switch (number) {
            case 1 -> References.IN_TEXT;
            case 2 -> References.IN_FORM;
            case 3 -> References.IN_JSON;
            default -> References.NONE;
        };
    }

    private static String kind(Object value) {
        return switch (value) {
            case String _ -> TEXT;
            case Boolean _ -> TRUTH;
            case BigDecimal _ -> DECIMAL;
            default -> WHOLE;
        };
    }

    private static Object value(String kind, String text) throws DamageException {
        return switch (kind) {
            case TEXT -> text;
            case TRUTH -> Boolean.valueOf(text);
            case WHOLE -> new BigInteger(text);
            case DECIMAL -> new BigDecimal(text);
            default -> throw new DamageException("there is no data of the kind " + kind);
        };
    }

    /** Small numbers of either sign take few bytes. */
    private static long zigzag(int value) {
        return (value << 1 ^ value >> 31) & 0xFFFF_FFFFL;
    }

    private static int unzigzag(long value) throws DamageException {
        if (value < 0 || value > 0xFFFF_FFFFL) {
            throw new DamageException("no priority: " + value);
        }
        int read = (int) value;
        return read >>> 1 ^ -(read & 1);
    }
}
