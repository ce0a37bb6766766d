package fanout.surefire;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Defines each class that it is asked for, without members. */
final class EmptyClasses extends ClassLoader {

    /** Of Java 8. */
    private static final int CLASS_FILE_VERSION = 52;
    private static final int CONSTANT_UTF8 = 1;
    private static final int CONSTANT_CLASS = 7;
    /** ACC_PUBLIC and ACC_SUPER. */
    private static final int ACCESS = 0x21;

    EmptyClasses() {
        super(null);
    }

    @Override
    protected Class<?> findClass(String name) {
        byte[] file = classFile(name.replace('.', '/'));
        return defineClass(name, file, 0, file.length);
    }

    /** A class file as in section 4.1 of the Java Virtual Machine Specification. */
    private static byte[] classFile(String name) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeInt(0xCAFEBABE);
            out.writeShort(0);
            out.writeShort(CLASS_FILE_VERSION);
            out.writeShort(5); // one more than there are constants
            writeClass(out, name, 1);
            writeClass(out, "java/lang/Object", 3);
            out.writeShort(ACCESS);
            out.writeShort(2);
            out.writeShort(4);
            out.writeShort(0); // interfaces
            out.writeShort(0); // fields
            out.writeShort(0); // methods
            out.writeShort(0); // attributes
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** Two constants: the name, whose index is given, and the class of this name. */
    private static void writeClass(DataOutputStream out, String name, int index) throws IOException {
        out.writeByte(CONSTANT_UTF8);
        out.writeUTF(name);
        out.writeByte(CONSTANT_CLASS);
        out.writeShort(index);
    }
}
