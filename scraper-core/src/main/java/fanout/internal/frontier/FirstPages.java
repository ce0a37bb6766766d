package fanout.internal.frontier;

import fanout.outcome.Fetched;
import fanout.page.ContentDigest;
import fanout.url.CanonicalUrl;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which page of a crawl had a content first. A page is the first from the step on that settles it: a step that names a
 * first page comes after the step of that page, and is never in a journal without it.
 *
 * <p>A content takes 27 to 40 bytes, and the end of its page's URL, in which it differs from the URL before. Nothing is
 * allocated before the first content, and no call copies more than a 256th of the digests.
 *
 * <p>Guarded by the frontier's lock.
 */
final class FirstPages {

    private static final int SEGMENTS = 256;

    private final @Nullable Segment[] segments = new Segment[SEGMENTS];
    private final Urls urls = new Urls();

    /**
     * Returns the page with the URL of the first page that had its content; the same page if it is the first, which it
     * is from now on, or was not read.
     */
    Fetched judged(Fetched page) {
        Optional<ContentDigest> digest = page.content().hash().map(ContentDigest::of);
        if (digest.isEmpty()) {
            return page;
        }
        Optional<String> first = first(digest.get());
        if (first.isEmpty()) {
            add(digest.get(), page.request().url());
            return page;
        }
        return page.duplicating(page.request().url().near(first.get()).orElseThrow());
    }

    /** Whether an earlier page had this content. */
    boolean knows(ContentDigest digest) {
        return first(digest).isPresent();
    }

    /** Adds a page of an earlier run, unless one was added with its content. */
    void restore(ContentDigest digest, CanonicalUrl url) {
        if (!knows(digest)) {
            add(digest, url);
        }
    }

    private Optional<String> first(ContentDigest digest) {
        Segment segment = segments[segmentOf(digest)];
        int number = segment == null ? Segment.NONE : segment.find(digest);
        return number == Segment.NONE ? Optional.empty() : Optional.of(urls.get(number));
    }

    private void add(ContentDigest digest, CanonicalUrl url) {
        int place = segmentOf(digest);
        Segment segment = segments[place];
        if (segment == null) {
            segment = new Segment();
            segments[place] = segment;
        }
        segment.add(digest, urls.add(url.toString()));
    }

    /** By the highest bits, since the lowest choose the slot. */
    private static int segmentOf(ContentDigest digest) {
        return (int) (digest.high() >>> (Long.SIZE - 8));
    }

    /**
     * Digests, and the numbers of their pages: open addressing in pairs, of which the second half has the end of the
     * digest and, in its lower 32 bits, a number that is never 0 unless the slot is free. At most three fifths full.
     */
    private static final class Segment {

        static final int NONE = -1;
        private static final int FEWEST_SLOTS = 4;
        private static final long LOWEST = 0xffff_ffffL;

        private long[] table = new long[2 * FEWEST_SLOTS];
        private int size;

        /** Returns the number of the page with this digest. */
        int find(ContentDigest digest) {
            return (int) table[slotOf(table, digest.high(), digest.low()) + 1] - 1;
        }

        /** Adds a digest that is not there. */
        void add(ContentDigest digest, int number) {
            if (++size > table.length / 10.0 * 3) {
                grow();
            }
            int slot = slotOf(table, digest.high(), digest.low());
            table[slot] = digest.high();
            table[slot + 1] = (long) digest.low() << Integer.SIZE | number + 1;
        }

        private static int slotOf(long[] table, long high, int low) {
            int slots = table.length / 2;
            int slot = 2 * (int) (((high & LOWEST) * slots) >>> Integer.SIZE);
            while ((int) table[slot + 1] != 0
                    && (table[slot] != high || (int) (table[slot + 1] >>> Integer.SIZE) != low)) {
                slot = slot + 2 == table.length ? 0 : slot + 2;
            }
            return slot;
        }

        private void grow() {
            long[] larger = new long[Math.addExact(table.length, table.length / 4 * 2)];
            for (int i = 0; i < table.length; i += 2) {
                if ((int) table[i + 1] != 0) {
                    int slot = slotOf(larger, table[i], (int) (table[i + 1] >>> Integer.SIZE));
                    larger[slot] = table[i];
                    larger[slot + 1] = table[i + 1];
                }
            }
            table = larger;
        }
    }

    /**
     * URLs by their numbers, from 0. Sixteen make a block: the first is whole, and each other says how many characters
     * it has in common with the one before. A URL is ASCII, one byte a character.
     */
    private static final class Urls {

        private static final int OF_BLOCK = 16;

        private final List<byte[]> blocks = new ArrayList<>();
        /** Of the last block, which is not full. */
        private byte[] last = new byte[64];
        private int length;
        private int size;
        private byte[] before = {};

        int add(String url) {
            byte[] bytes = url.getBytes(StandardCharsets.ISO_8859_1);
            if (size % OF_BLOCK == 0) {
                before = new byte[0];
            }
            int mismatch = Arrays.mismatch(bytes, before);
            int common = mismatch < 0 ? bytes.length : mismatch;
            number(common);
            number(bytes.length - common);
            room(bytes.length - common);
            System.arraycopy(bytes, common, last, length, bytes.length - common);
            length += bytes.length - common;
            before = bytes;
            size = Math.incrementExact(size);
            if (size % OF_BLOCK == 0) {
                blocks.add(Arrays.copyOf(last, length));
                length = 0;
            }
            return size - 1;
        }

        private void room(int more) {
            if (last.length - length < more) {
                last = Arrays.copyOf(last, Math.max(Math.addExact(length, more), Math.multiplyExact(last.length, 2)));
            }
        }

        /** Seven bits a byte, the lowest first. */
        private void number(int value) {
            room(5);
            int rest = value;
            while (rest > 0x7f) {
                last[length++] = (byte) (rest | 0x80);
                rest >>>= 7;
            }
            last[length++] = (byte) rest;
        }

        String get(int number) {
            int block = number / OF_BLOCK;
            return new Reading(block < blocks.size() ? blocks.get(block) : last).url(number % OF_BLOCK);
        }

        /** Reads one block from its beginning. */
        private static final class Reading {

            private final byte[] block;
            private int at;

            Reading(byte[] block) {
                this.block = block;
            }

            String url(int place) {
                byte[] url = {};
                for (int i = 0; i <= place; i++) {
                    int common = number();
                    int more = number();
                    url = Arrays.copyOf(url, common + more);
                    System.arraycopy(block, at, url, common, more);
                    at += more;
                }
                return new String(url, StandardCharsets.ISO_8859_1);
            }

            private int number() {
                int value = 0;
                for (int shift = 0;; shift += 7) {
                    int next = block[at++];
                    value |= (next & 0x7f) << shift;
                    if (next >= 0) {
                        return value;
                    }
                }
            }
        }
    }
}
