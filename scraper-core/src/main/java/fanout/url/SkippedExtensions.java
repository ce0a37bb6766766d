package fanout.url;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Endings of URLs behind which there is nothing to parse, such as {@code pdf} in {@code /manual.pdf?page=2}: what
 * stands behind the last dot of the path's last segment, whatever its case. Immutable.
 *
 * <p>Every link of every page is asked for its ending, so that makes no text: up to eight characters are one number.
 */
public final class SkippedExtensions {

    private static final String KEY = "scope.skipExtensions";
    private static final Pattern EXTENSION = Pattern.compile("[a-z0-9_-]{1,20}");
    private static final int MOST = 1_000;
    /** Characters that a number holds. */
    private static final int PACKED = 8;
    private static final long MIX = 0x9E37_79B9_7F4A_7C15L;

    /** The media types of endings, as far as one is exempt if the job asks for its type. */
    private static final Map<String, List<String>> TYPES = types("""
            3gp video/3gpp
            7z application/x-7z-compressed
            aac audio/aac
            aif audio/aiff audio/x-aiff
            aiff audio/aiff audio/x-aiff
            apk application/vnd.android.package-archive
            atom application/atom+xml
            avi video/x-msvideo
            avif image/avif
            bmp image/bmp
            bz2 application/x-bzip2
            css text/css
            csv text/csv
            dmg application/x-apple-diskimage
            doc application/msword
            docm application/vnd.ms-word.document.macroenabled.12
            docx application/vnd.openxmlformats-officedocument.wordprocessingml.document
            eps application/postscript
            flac audio/flac
            flv video/x-flv
            gif image/gif
            gz application/gzip application/x-gzip
            heic image/heic
            htm text/html
            html text/html
            ico image/x-icon image/vnd.microsoft.icon
            iso application/x-iso9660-image
            jar application/java-archive
            jpeg image/jpeg
            jpg image/jpeg
            js text/javascript application/javascript
            json application/json
            jsonld application/ld+json
            m4a audio/mp4
            m4v video/mp4
            md text/markdown
            mid audio/midi
            midi audio/midi
            mkv video/x-matroska
            mov video/quicktime
            mp3 audio/mpeg
            mp4 video/mp4
            mpeg video/mpeg
            mpg video/mpeg
            odg application/vnd.oasis.opendocument.graphics
            odp application/vnd.oasis.opendocument.presentation
            ods application/vnd.oasis.opendocument.spreadsheet
            odt application/vnd.oasis.opendocument.text
            oga audio/ogg
            ogg audio/ogg
            ogv video/ogg
            opus audio/ogg audio/opus
            pdf application/pdf
            png image/png
            pot application/vnd.ms-powerpoint
            potx application/vnd.openxmlformats-officedocument.presentationml.template
            pps application/vnd.ms-powerpoint
            ppsx application/vnd.openxmlformats-officedocument.presentationml.slideshow
            ppt application/vnd.ms-powerpoint
            pptm application/vnd.ms-powerpoint.presentation.macroenabled.12
            pptx application/vnd.openxmlformats-officedocument.presentationml.presentation
            psd image/vnd.adobe.photoshop
            rar application/vnd.rar application/x-rar-compressed
            rss application/rss+xml
            rtf application/rtf text/rtf
            svg image/svg+xml
            tar application/x-tar
            tbz2 application/x-bzip2
            tgz application/gzip application/x-gzip
            tif image/tiff
            tiff image/tiff
            txt text/plain
            txz application/x-xz
            wav audio/wav audio/x-wav
            webm video/webm
            webp image/webp
            wma audio/x-ms-wma
            wmv video/x-ms-wmv
            xhtml application/xhtml+xml
            xls application/vnd.ms-excel
            xlsb application/vnd.ms-excel.sheet.binary.macroenabled.12
            xlsm application/vnd.ms-excel.sheet.macroenabled.12
            xlsx application/vnd.openxmlformats-officedocument.spreadsheetml.sheet
            xml application/xml text/xml
            xz application/x-xz
            zip application/zip
            zst application/zstd
            """);

    /** Skips nothing. */
    public static final SkippedExtensions NONE = new SkippedExtensions(Set.of());

    /** Skips the usual endings of pictures, sound, films, archives, office files and PDF. */
    public static final SkippedExtensions USUAL = new SkippedExtensions(Set.of(
            "avif", "bmp", "eps", "gif", "heic", "ico", "jpeg", "jpg", "png", "psd", "svg", "tif", "tiff", "webp",
            "aac", "aif", "aiff", "flac", "m4a", "mid", "midi", "mp3", "oga", "ogg", "opus", "wav", "wma",
            "3gp", "avi", "flv", "m4v", "mkv", "mov", "mp4", "mpeg", "mpg", "ogv", "webm", "wmv",
            "7z", "apk", "bz2", "dmg", "gz", "iso", "jar", "rar", "tar", "tbz2", "tgz", "txz", "xz", "zip", "zst",
            "doc", "docm", "docx", "odg", "odp", "ods", "odt", "pot", "potx", "pps", "ppsx", "ppt", "pptm", "pptx",
            "rtf", "xls", "xlsb", "xlsm", "xlsx", "pdf"));

    private final Set<String> extensions;
    /** Open addressing; 0 is a free slot, and no text. At most a quarter full. */
    private final long[] packed;
    private final Set<String> longer = new HashSet<>();
    private final int longest;

    private SkippedExtensions(Set<String> extensions) {
        this.extensions = new TreeSet<>(extensions);
        this.longest = extensions.stream().mapToInt(String::length).max().orElse(0);
        this.packed = new long[Integer.highestOneBit(Math.max(1, extensions.size())) * 8];
        for (String extension : this.extensions) {
            if (extension.length() > PACKED) {
                longer.add(extension);
            } else {
                packed[slotOf(pack(extension, 0, extension.length()))] = pack(extension, 0, extension.length());
            }
        }
    }

    /**
     * Those of these endings, without their dots.
     *
     * @throws IllegalArgumentException if one is no ending, or there are too many
     */
    public static SkippedExtensions of(Collection<String> extensions) {
        if (extensions.size() > MOST) {
            throw new IllegalArgumentException(
                    KEY + " must have at most " + MOST + " endings, not " + extensions.size());
        }
        Set<String> lower = new HashSet<>();
        for (String extension : extensions) {
            String ending = extension.toLowerCase(Locale.ROOT);
            if (!EXTENSION.matcher(ending).matches()) {
                throw new IllegalArgumentException(KEY + " must have endings without their dot, as in pdf: 1 to 20 "
                        + "letters, digits, - and _, not \"" + extension + "\"");
            }
            lower.add(ending);
        }
        return new SkippedExtensions(lower);
    }

    /** The endings in lower case, in their order. */
    public List<String> names() {
        return List.copyOf(extensions);
    }

    /**
     * These without the endings of what is asked for.
     *
     * @param types media types, or ranges of them as in {@code image/*}
     */
    public SkippedExtensions except(Collection<String> types) {
        Set<String> left = new HashSet<>(extensions);
        left.removeIf(extension -> TYPES.getOrDefault(extension, List.of())
                .stream()
                .anyMatch(type -> types.stream().anyMatch(asked -> isOf(type, asked))));
        return left.size() == extensions.size() ? this : new SkippedExtensions(left);
    }

    private static boolean isOf(String type, String asked) {
        String lower = asked.toLowerCase(Locale.ROOT);
        return lower.endsWith("/*") ? type.startsWith(lower.substring(0, lower.length() - 1)) : type.equals(lower);
    }

    /** Whether the URL has one of these endings. */
    public boolean skip(CanonicalUrl url) {
        if (longest == 0) {
            return false;
        }
        String spelling = url.toString();
        int query = spelling.indexOf('?', url.pathStart());
        int end = query < 0 ? spelling.length() : query;
        int segment = spelling.lastIndexOf('/', end - 1);
        int parameters = spelling.indexOf(';', segment);
        end = parameters < 0 || parameters > end ? end : parameters;
        int from = spelling.lastIndexOf('.', end - 1) + 1;
        if (from <= segment + 1 || from == end || end - from > longest) {
            return false;
        }
        return end - from <= PACKED ? isPacked(pack(spelling, from, end))
                : longer.contains(spelling.substring(from, end).toLowerCase(Locale.ROOT));
    }

    private boolean isPacked(long extension) {
        return packed[slotOf(extension)] == extension;
    }

    /** Where it is, or the free slot where it belongs. */
    private int slotOf(long extension) {
        int slot = (int) ((extension * MIX) >>> (Long.SIZE - Integer.numberOfTrailingZeros(packed.length)));
        while (packed[slot] != 0 && packed[slot] != extension) {
            slot = (slot + 1) & (packed.length - 1);
        }
        return slot;
    }

    /** The characters in lower case, as a number. A canonical URL is ASCII. */
    private static long pack(String text, int from, int to) {
        long packed = 0;
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            packed = packed << 8 | (c >= 'A' && c <= 'Z' ? c | 0x20 : c);
        }
        return packed;
    }

    private static Map<String, List<String>> types(String lines) {
        Map<String, List<String>> types = new HashMap<>();
        lines.lines()
                .map(line -> List.of(line.split(" ")))
                .forEach(line -> types.put(line.getFirst(),
                        line.subList(1, line.size())));
        return types;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SkippedExtensions that && extensions.equals(that.extensions);
    }

    @Override
    public int hashCode() {
        return extensions.hashCode();
    }

    @Override
    public String toString() {
        return extensions.toString();
    }
}
