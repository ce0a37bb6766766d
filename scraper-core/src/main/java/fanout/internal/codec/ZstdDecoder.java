package fanout.internal.codec;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Decodes zstd (RFC 8878): frames one behind another, and frames to skip between them. Whatever bytes a stranger sends,
 * it returns what they decode to or throws an {@link IOException}.
 *
 * <p>Confined to one thread. It computes and never waits. An interrupt has no effect; a call decodes one block at most,
 * 128 KiB, and its caller can look at the clock in between.
 *
 * <p>It holds a window of at most {@value #WIDEST_WINDOW} bytes (RFC 9659), the literals of one block, and 30 KB of
 * tables. Window and literals grow with what they hold, and come out of a {@link DecoderMemory} first.
 */
public final class ZstdDecoder {

    /** The widest window that a frame may ask for, in bytes. */
    public static final long WIDEST_WINDOW = 8 << 20;

    private static final int MAGIC = 0xFD2FB528;
    private static final int SKIPPABLE = 0x184D2A5;
    private static final int LARGEST_BLOCK = 128 << 10;

    private final ZstdInput input;
    private final ZstdWindow window;
    private final ZstdLiterals literals;
    private ZstdSequences sequences = new ZstdSequences();
    private ZstdChecksum checksum = new ZstdChecksum();
    private @Nullable FrameHeader frame;
    private boolean hasLastBlock;
    private boolean hasFrame;

    /** Decodes these bytes, which must not change until it has. */
    public ZstdDecoder(byte[] encoded, DecoderMemory memory) {
        this.input = new ZstdInput(encoded);
        this.window = new ZstdWindow(memory);
        this.literals = new ZstdLiterals(memory);
    }

    /**
     * Decodes on.
     *
     * @param length at least 1
     * @return how many bytes; 0 if there are none yet; -1 at the end
     * @throws IOException if the bytes are not zstd, or as the memory throws it
     */
    public int read(byte[] target, int from, int length) throws IOException {
        FrameHeader current = frame;
        if (current == null) {
            if (input.left() == 0) {
                return -1;
            }
            begin();
            return 0;
        }
        if (window.waiting() == 0 && !hasLastBlock) {
            readBlock((int) Math.min(current.window(), LARGEST_BLOCK));
        }
        int count = window.take(target, from, length);
        if (current.hasChecksum()) {
            checksum.update(target, from, count);
        }
        if (hasLastBlock && window.waiting() == 0) {
            end(current);
        }
        return count;
    }

    /** Returns whether a frame has ended, and what stands behind it begins no other. */
    public boolean hasOnlyForeignBytesLeft() {
        if (!hasFrame || frame != null || input.left() == 0) {
            return false;
        }
        int magic = input.left() < 4 ? 0 : (int) input.peekLong(0);
        return magic != MAGIC && magic >>> 4 != SKIPPABLE;
    }

    private void begin() throws IOException {
        int magic = (int) input.next(4);
        if (magic >>> 4 == SKIPPABLE) {
            input.skip(input.next(4));
            return;
        }
        if (magic != MAGIC) {
            throw new IOException("no frame of zstd");
        }
        FrameHeader header = FrameHeader.read(input);
        if (header.window() < 0 || header.window() > WIDEST_WINDOW) {
            throw new IOException("a window of more than " + WIDEST_WINDOW + " bytes");
        }
        window.restart(header.window() + LARGEST_BLOCK);
        literals.restart();
        sequences = new ZstdSequences();
        checksum = new ZstdChecksum();
        hasLastBlock = false;
        frame = header;
    }

    private void readBlock(int most) throws IOException {
        int header = (int) input.next(3);
        hasLastBlock = (header & 1) != 0;
        int size = header >> 3;
        if (size > most) {
            throw new IOException("a block longer than it may be");
        }
        switch (header >> 1 & 3) {
            case 0 -> window.append(input, size);
            case 1 -> window.fill(input.next(), size);
            case 2 -> readCompressed(input.slice(size), most);
            default -> throw new IOException("a block of no known type");
        }
    }

    private void readCompressed(ZstdInput block, int most) throws IOException {
        literals.read(block, most);
        sequences.read(block, literals, window, most);
        if (window.waiting() + literals.left() > most) {
            throw new IOException("a block longer than it may be");
        }
        literals.copyTo(window, literals.left());
    }

    private void end(FrameHeader header) throws IOException {
        if (header.length().isPresent() && header.length().getAsLong() != window.written()) {
            throw new IOException("a frame that is not as long as it says");
        }
        if (header.hasChecksum() && (int) input.next(4) != checksum.value()) {
            throw new IOException("a wrong checksum");
        }
        frame = null;
        hasFrame = true;
    }
}
