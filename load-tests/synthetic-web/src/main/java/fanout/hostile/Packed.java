package fanout.hostile;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/** Compressed bytes. */
final class Packed {

    private static final int MEBIBYTE = 1 << 20;
    private static final byte[] GZIP_HEAD = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, 3};
    private static final byte[] LAST_BLOCK = {3, 0};

    private Packed() {}

    static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    static byte[] gzip(byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    static byte[] zlib(byte[] bytes) {
        return compressed(bytes, false, Deflater.NO_FLUSH);
    }

    static byte[] deflate(byte[] bytes) {
        return compressed(bytes, true, Deflater.NO_FLUSH);
    }

    private static byte[] compressed(byte[] bytes, boolean raw, int flush) {
        try (Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, raw)) {
            deflater.setInput(bytes);
            if (flush == Deflater.NO_FLUSH) {
                deflater.finish();
            }
            byte[] out = new byte[bytes.length + 100];
            int length = deflater.deflate(out, 0, out.length, flush);
            return java.util.Arrays.copyOf(out, length);
        }
    }

    /**
     * A prefix and a gigabyte of spaces: one flushed block, a thousand times. No client reads as far as the wrong
     * checksum.
     */
    static byte[] gigabyteOfGzip(byte[] prefix) {
        return joined(GZIP_HEAD, compressed(prefix, true, Deflater.FULL_FLUSH), gigabyte(), LAST_BLOCK, new byte[8]);
    }

    static byte[] gigabyteOfDeflate() {
        return joined(gigabyte(), LAST_BLOCK);
    }

    private static byte[] gigabyte() {
        byte[] spaces = new byte[MEBIBYTE];
        java.util.Arrays.fill(spaces, (byte) ' ');
        byte[] block = compressed(spaces, true, Deflater.FULL_FLUSH);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < 1024; i++) {
            out.writeBytes(block);
        }
        return out.toByteArray();
    }

    /** {@code <title>packed</title>}, made by Google's encoder. */
    static byte[] brotliPage() {
        return base64("GxQA+KVfeMjKpCCFkJIPbNBKOZ8A");
    }

    /** Up to 64 KiB in brotli, not compressed. */
    static byte[] brotliOf(byte[] bytes) {
        int block = ((bytes.length - 1) << 3 | 1 << 19) << 1; // behind the bit for a window of 64 KiB
        return joined(new byte[]{(byte) block, (byte) (block >> 8), (byte) (block >> 16)}, bytes, new byte[]{3});
    }

    /** The page with a window of 64 MiB, which is an extension of the format. */
    static byte[] brotliInALargeWindow() {
        return base64("EVpQAOCXfuEhK5OCFEJKPmADrSjnEw==");
    }

    /** Spaces in blocks of 16 MiB, with a window of 4 MiB. */
    static byte[] brotliBomb() {
        return base64("y///P/glQOKxQCD3/o///3/wSwDEYRGA7v0f////4JcAiMMCAN37P/7//8EvARCHBQC693/8//+DXwIgDgsAdO//"
                + "+P//B78EQBwWAOje//H//w9+CYA4LADQvf/L//8//BIAcVgAoHv/Bw==");
    }

    /** The same with a window of 16 MiB. */
    static byte[] brotliBombInAWideWindow() {
        return base64("z///f/glQOKxQCD3/p/////wSwDEYQGA7v0/////4ZcAiMMiAN37//z//8cvARCHBQC69/8=");
    }

    /** {@code <title>packed</title>} in one raw block. */
    static byte[] zstdPage() {
        return base64("KLUv/SAVqQAAPHRpdGxlPnBhY2tlZDwvdGl0bGU+");
    }

    /** A gigabyte of spaces: blocks of one repeated byte. */
    static byte[] zstdBomb() {
        byte[] window = {0x28, (byte) 0xB5, 0x2F, (byte) 0xFD, 0, 11 << 3};
        byte[] block = {2, 0, 16, ' '};
        byte[][] blocks = new byte[8192][];
        java.util.Arrays.fill(blocks, block);
        return joined(window, joined(blocks));
    }

    /** {@code <title>packed</title>} with a window of 2 GiB. */
    static byte[] zstdInAHugeWindow() {
        byte[] page = zstdPage();
        byte[] rest = java.util.Arrays.copyOfRange(page, 6, page.length);
        return joined(new byte[]{0x28, (byte) 0xB5, 0x2F, (byte) 0xFD, 0, (byte) (21 << 3)}, rest);
    }

    /** Bytes between frames that decoders pass over. */
    static byte[] zstdToSkip() {
        return new byte[]{0x50, 0x2A, 0x4D, 0x18, 2, 0, 0, 0, 1, 2};
    }

    private static byte[] base64(String text) {
        return Base64.getDecoder().decode(text);
    }
}
