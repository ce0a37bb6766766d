package fanout.synthetic;

import java.util.OptionalInt;

/** Where things are: paths and URLs of pages, and of the stations on the way to some of them. Immutable. */
record SiteUrls(int port) {

    static final String HOP = "/hop/";
    static final String LOOP = "/loop/";
    static final String COOKIE = "/cookie/";
    private static final String PAGE = "/page/";
    private static final String HTML = ".html";

    /** The Host header and URL authority of a host. */
    String authority(int host) {
        return HostAddresses.of(host) + ":" + port;
    }

    String url(int host, String path) {
        return "http://" + authority(host) + path;
    }

    String pageUrl(int host, int page) {
        return url(host, path(page));
    }

    static String path(int page) {
        return page == 0 ? "/" : PAGE + page + HTML;
    }

    /** The page at a path written exactly as {@link #path} writes it. */
    static OptionalInt pageAt(String path) {
        if (path.equals("/")) {
            return OptionalInt.of(0);
        }
        if (!path.startsWith(PAGE) || !path.endsWith(HTML)) {
            return OptionalInt.empty();
        }
        return number(path, PAGE.length(), path.length() - HTML.length());
    }

    /** A number from 1 on without leading zeros; empty for anything else. */
    static OptionalInt number(String text, int from, int to) {
        int length = to - from;
        if (length < 1 || length > 9 || text.charAt(from) == '0') {
            return OptionalInt.empty();
        }
        int value = 0;
        for (int i = from; i < to; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return OptionalInt.empty();
            }
            value = value * 10 + digit;
        }
        return OptionalInt.of(value);
    }

    static String hopPath(int page, int hop) {
        return HOP + page + "/" + hop;
    }
}
