package fanout.journal;

import fanout.journal.JournalException.Refusal;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/**
 * Reads the groups of a journal from its beginning. A group was on the disk before the next one was begun, so a crash
 * can damage the last one only: that one is left out. A damaged group that another follows is damage of another kind,
 * which is refused.
 */
final class GroupScan {

    private static final int STRIDE = 1 << 16;

    private final FileChannel channel;
    private final String name;
    private final long size;
    private long end;
    private long groups;

    /** @param name of the journal in messages */
    GroupScan(FileChannel channel, String name) throws IOException {
        this.channel = channel;
        this.name = name;
        this.size = channel.size();
    }

    /**
     * Gives the records of every whole group to {@code records}.
     *
     * @throws JournalException if a group is damaged that is not the last
     */
    void read(Records records) throws IOException {
        while (end < size) {
            ByteBuffer content = group();
            if (content == null) {
                refuseUnlessLast();
                return;
            }
            try {
                GroupReader.read(content, records);
            } catch (Head.OtherVersionException e) {
                throw new JournalException(Refusal.DAMAGED, name + ": " + e.getMessage(), e);
            } catch (DamageException e) {
                throw damaged(e.getMessage(), e);
            }
            end += Group.HEADER + content.limit();
            groups++;
            records.end(end);
        }
    }

    /** The content of the next group; null if it is not whole. */
    private @Nullable ByteBuffer group() throws IOException {
        ByteBuffer header = bytes(end, Group.HEADER);
        if (header.remaining() < Group.HEADER || header.getInt() != Group.MARK) {
            return null;
        }
        int length = header.getInt();
        long number = header.getLong();
        int checksum = header.getInt();
        if (number != groups || length < 0 || length > Math.min(Group.LONGEST, size - end - Group.HEADER)) {
            return null;
        }
        ByteBuffer content = bytes(end + Group.HEADER, length);
        return content.remaining() == length && Group.checksum(length, number, content) == checksum ? content : null;
    }

    private ByteBuffer bytes(long at, int most) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(most, Math.max(0, size - at)));
        while (bytes.hasRemaining() && channel.read(bytes, at + bytes.position()) >= 0) {
            // A read may give less than there is.
        }
        return bytes.flip();
    }

    private void refuseUnlessLast() throws IOException {
        for (long at = end + 1; at < size; at += STRIDE) {
            if (hasHeader(bytes(at, STRIDE + Group.HEADER - 1))) {
                throw damaged("what follows is whole", null);
            }
        }
        if (groups == 0 && !mayBegin(bytes(0, Integer.BYTES))) {
            throw new JournalException(Refusal.DAMAGED, name + ": this is no journal of a crawl");
        }
    }

    /**
     * Whether a group may begin so, of which not all is on the disk: zeros, where a file has grown and its content is
     * lost.
     */
    private static boolean mayBegin(ByteBuffer first) {
        boolean zeros = true;
        boolean mark = true;
        for (int i = 0; i < first.limit(); i++) {
            zeros &= first.get(i) == 0;
            mark &= first.get(i) == (byte) (Group.MARK >>> (Integer.SIZE - 8 * (i + 1)));
        }
        return zeros || mark;
    }

    /** Whether a later group begins within these bytes. */
    private boolean hasHeader(ByteBuffer bytes) {
        for (int i = 0; i + Group.HEADER <= bytes.limit(); i++) {
            if (bytes.get(i) == (byte) (Group.MARK >>> 24) && bytes.getInt(i) == Group.MARK) {
                long number = bytes.getLong(i + 2 * Integer.BYTES);
                if (number > groups && number - groups < size) {
                    return true;
                }
            }
        }
        return false;
    }

    /** A journal of which the damaged end is not one that a crash leaves. */
    JournalException damagedEnd() {
        return damaged("it was whole when the journal was compacted", null);
    }

    private JournalException damaged(@Nullable String what,
            @Nullable Throwable cause) {
        String message = name + ": damaged at byte " + end + ": " + what
                + "; a crawl cannot be resumed from here. Start it again from the beginning";
        return cause == null ? new JournalException(Refusal.DAMAGED, message)
                : new JournalException(Refusal.DAMAGED, message, cause);
    }

    /** Where the last whole group ends. */
    long end() {
        return end;
    }

    /** Whole groups. */
    long groups() {
        return groups;
    }

    /** Bytes of a damaged last group. */
    long lost() {
        return size - end;
    }
}
