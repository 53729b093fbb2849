import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A small strict reader of safetensors files, and the adapter that lets stconform ask it.
 *
 * <p>The reader follows spec/safetensors.md, appendix A, and needs nothing but the JDK. The header
 * has one shape, so its parser knows nothing else: what is no name, dtype, shape or offset where
 * one has to be is a fault.
 */
public final class Toy {
    // ---- The adapter ----

    public static void main(String[] arguments) {
        new StconformKit("toy", "1")
                .refusedOn(InvalidFile.class)
                .unsupportedOn(UnknownDtype.class)
                .read(request -> {
                    var reading = StconformKit.reading();
                    try (var file = new TensorFile(request.path())) {
                        for (Tensor tensor : file.header.tensors()) {
                            var out = reading.tensor(tensor.name(), tensor.dtype().name())
                                    .shape(tensor.shape());
                            file.read(tensor, out::bytes);
                        }
                        return reading.metadata(file.header.metadata());
                    }
                })
                .header(request -> {
                    var reading = StconformKit.reading();
                    try (var file = new TensorFile(request.path())) {
                        for (Tensor tensor : file.header.tensors()) {
                            reading.tensor(tensor.name(), tensor.dtype().name())
                                    .shape(tensor.shape());
                        }
                        return reading.metadata(file.header.metadata());
                    }
                })
                .slice(Toy::slice)
                .serve();
    }

    private static StconformKit.Reply slice(StconformKit.Request request)
            throws IOException, InvalidFile, UnknownDtype {
        try (var file = new TensorFile(request.path())) {
            Tensor tensor = file.header.tensors().stream()
                    .filter(candidate -> candidate.name().equals(request.tensor()))
                    .findFirst()
                    .orElseThrow(() -> new InvalidFile("no tensor of this name"));
            if (tensor.dtype().bits % 8 != 0) {
                return StconformKit.unsupported("a slice of elements narrower than a byte");
            }
            List<StconformKit.Span> spans = request.slices();
            if (spans.size() != tensor.shape().size()) {
                throw new InvalidFile("another number of axes");
            }
            var shape = new ArrayList<BigInteger>();
            for (int axis = 0; axis < spans.size(); axis++) {
                var span = spans.get(axis);
                if (span.step().signum() == 0
                        || span.stop().compareTo(tensor.shape().get(axis)) > 0) {
                    throw new InvalidFile("a slice that leaves the tensor, or takes no steps");
                }
                BigInteger length = span.stop().subtract(span.start()).max(BigInteger.ZERO);
                shape.add(length.add(span.step()).subtract(BigInteger.ONE).divide(span.step()));
            }
            var reading = StconformKit.reading();
            var out = reading.tensor(tensor.name(), tensor.dtype().name())
                    .shape(shape)
                    .bytes(new byte[0]);
            if (!shape.contains(BigInteger.ZERO)) {
                pick(file, tensor, spans, 0, tensor.begin().longValueExact(),
                        tensor.end().longValueExact(), out);
            }
            return reading;
        }
    }

    /**
     * Hands on what the spans from `axis` on pick out of the part of the tensor from `begin` to
     * `end`.
     */
    private static void pick(TensorFile file, Tensor tensor, List<StconformKit.Span> spans,
            int axis, long begin, long end, StconformKit.Tensor out) throws IOException {
        if (axis == spans.size()) {
            file.read(begin, end, out::bytes);
            return;
        }
        var span = spans.get(axis);
        long stride = (end - begin) / tensor.shape().get(axis).longValueExact();
        for (BigInteger i = span.start(); i.compareTo(span.stop()) < 0; i = i.add(span.step())) {
            long at = begin + i.longValueExact() * stride;
            pick(file, tensor, spans, axis + 1, at, at + stride, out);
        }
    }

    // ---- The reader ----

    /** The file is invalid. */
    static final class InvalidFile extends Exception {
        private static final long serialVersionUID = 1;

        InvalidFile(String message) {
            super(message);
        }
    }

    /** The file may be valid in a version of the format that this reader does not know. */
    static final class UnknownDtype extends Exception {
        private static final long serialVersionUID = 1;

        UnknownDtype(String name) {
            super("the dtype " + name + " is unknown");
        }
    }

    enum Dtype {
        BOOL(8), U8(8), I8(8), U16(16), I16(16), F16(16), BF16(16), U32(32), I32(32), F32(32),
        U64(64), I64(64), F64(64), F8_E5M2(8), F8_E4M3(8), F4(4), F6_E2M3(6), F6_E3M2(6),
        F8_E8M0(8), C64(64), F8_E4M3FNUZ(8), F8_E5M2FNUZ(8);

        final int bits;

        Dtype(int bits) {
            this.bits = bits;
        }
    }

    /** A tensor, with its place in the data buffer. */
    record Tensor(
            String name, Dtype dtype, List<BigInteger> shape, BigInteger begin, BigInteger end) {}

    /**
     * What the header says: the tensors in the order of their offsets, and the metadata or null.
     */
    record Header(List<Tensor> tensors, Map<String, String> metadata) {}

    /** An open file, all of which is checked but the values of its elements. */
    static final class TensorFile implements Closeable {
        final Header header;
        private final FileChannel channel;
        private final long bufferAt;

        TensorFile(Path path) throws IOException, InvalidFile, UnknownDtype {
            channel = FileChannel.open(path);
            try {
                long length = channel.size();
                if (length < 8) {
                    throw new InvalidFile("fewer than 8 bytes");
                }
                long n = bytes(0, 8).order(ByteOrder.LITTLE_ENDIAN).getLong();
                if (n < 0 || n > 100_000_000 || n > length - 8) {
                    throw new InvalidFile("a header too long");
                }
                bufferAt = 8 + n;
                header = new Parser(bytes(8, (int) n)).parse(BigInteger.valueOf(length - bufferAt));
            } catch (Throwable fault) {
                channel.close();
                throw fault;
            }
        }

        /** Hands the bytes of a tensor to `sink`, piece by piece, and at least one piece. */
        void read(Tensor tensor, Consumer<ByteBuffer> sink) throws IOException {
            read(tensor.begin().longValueExact(), tensor.end().longValueExact(), sink);
        }

        /** The same for any bytes of the data buffer. */
        void read(long begin, long end, Consumer<ByteBuffer> sink) throws IOException {
            do {
                int size = (int) Math.min(end - begin, 1 << 20);
                sink.accept(bytes(bufferAt + begin, size));
                begin += size;
            } while (begin < end);
        }

        private ByteBuffer bytes(long at, int count) throws IOException {
            ByteBuffer out = ByteBuffer.allocate(count);
            while (out.hasRemaining()) {
                if (channel.read(out, at + out.position()) < 0) {
                    throw new EOFException();
                }
            }
            return out.flip();
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    /** Parses a header text. */
    private static final class Parser {
        private static final Map<String, Dtype> DTYPES = new HashMap<>();

        static {
            for (Dtype dtype : Dtype.values()) {
                DTYPES.put(dtype.name(), dtype);
            }
        }

        private final String text;
        private int at;

        Parser(ByteBuffer header) throws InvalidFile {
            try {
                text = StandardCharsets.UTF_8.newDecoder().decode(header).toString();
            } catch (CharacterCodingException error) {
                throw new InvalidFile("the header is not UTF-8");
            }
        }

        Header parse(BigInteger bufferLength) throws InvalidFile, UnknownDtype {
            if (!text.startsWith("{")) {
                throw fault("the header does not begin with {");
            }
            var tensors = new ArrayList<Tensor>();
            var names = new HashSet<String>();
            Map<String, String> metadata = null;
            for (boolean more = open('{', '}'); more; more = next('}')) {
                String name = key();
                if (!names.add(name)) {
                    throw fault("a name occurs twice");
                }
                if (name.equals("__metadata__")) {
                    metadata = metadata();
                } else {
                    tensors.add(entry(name));
                }
            }
            if (!text.substring(at).chars().allMatch(padding -> padding == ' ')) {
                throw fault("something else than spaces behind the object");
            }
            checkLayout(tensors, bufferLength);
            return new Header(tensors, metadata);
        }

        private static void checkLayout(List<Tensor> tensors, BigInteger bufferLength)
                throws InvalidFile {
            tensors.sort(Comparator.comparing(Tensor::begin).thenComparing(Tensor::end));
            BigInteger end = BigInteger.ZERO;
            for (Tensor tensor : tensors) {
                if (!tensor.begin().equals(end)) {
                    throw new InvalidFile("a gap or an overlap before " + tensor.name());
                }
                end = tensor.end();
            }
            if (!end.equals(bufferLength)) {
                throw new InvalidFile("the tensors do not end with the file");
            }
        }

        private Map<String, String> metadata() throws InvalidFile {
            var pairs = new LinkedHashMap<String, String>();
            for (boolean more = open('{', '}'); more; more = next('}')) {
                if (pairs.put(key(), string()) != null) {
                    throw fault("a key of the metadata occurs twice");
                }
            }
            return pairs;
        }

        private Tensor entry(String name) throws InvalidFile, UnknownDtype {
            Dtype dtype = null;
            List<BigInteger> shape = null;
            List<BigInteger> offsets = null;
            for (boolean more = open('{', '}'); more; more = next('}')) {
                String field = key();
                if (field.equals("dtype") && dtype == null) {
                    dtype = dtype();
                } else if (field.equals("shape") && shape == null) {
                    shape = integers();
                } else if (field.equals("data_offsets") && offsets == null) {
                    offsets = integers();
                } else {
                    throw fault("an unknown or repeated field");
                }
            }
            if (dtype == null || shape == null || offsets == null || offsets.size() != 2) {
                throw fault("a field is missing, or data_offsets are not two");
            }
            // A size is not negative, so BEGIN is at most END as well.
            if (!offsets.get(1).subtract(offsets.get(0)).equals(size(dtype, shape))) {
                throw fault("offsets that do not fit dtype and shape");
            }
            return new Tensor(name, dtype, shape, offsets.get(0), offsets.get(1));
        }

        /** The size in bytes, of the dimensions that are not 0 and for fewer than 2^64 bits. */
        private BigInteger size(Dtype dtype, List<BigInteger> shape) throws InvalidFile {
            BigInteger bits = BigInteger.valueOf(dtype.bits);
            for (BigInteger dim : shape) {
                bits = dim.signum() == 0 ? bits : bits.multiply(dim);
                if (bits.bitLength() > 64) {
                    throw fault("a tensor of 2^64 bits or more");
                }
            }
            if (shape.contains(BigInteger.ZERO)) {
                return BigInteger.ZERO;
            }
            if (bits.intValue() % 8 != 0) {
                throw fault("a tensor that ends inside a byte");
            }
            return bits.shiftRight(3);
        }

        private Dtype dtype() throws InvalidFile, UnknownDtype {
            String name = string();
            if (!DTYPES.containsKey(name)) {
                throw new UnknownDtype(name);
            }
            return DTYPES.get(name);
        }

        private List<BigInteger> integers() throws InvalidFile {
            var out = new ArrayList<BigInteger>();
            for (boolean more = open('[', ']'); more; more = next(']')) {
                skipWhitespace();
                int from = at;
                while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
                    at++;
                }
                if (at == from || at - from > 20 || (text.charAt(from) == '0' && at - from > 1)) {
                    throw fault("something else than an integer");
                }
                out.add(new BigInteger(text.substring(from, at)));
                if (out.get(out.size() - 1).bitLength() > 64) {
                    throw fault("an integer above 2^64 - 1");
                }
            }
            return out;
        }

        private InvalidFile fault(String message) {
            return new InvalidFile(message + ", at character " + at + " of the header");
        }

        private void skipWhitespace() {
            while (at < text.length() && " \t\n\r".indexOf(text.charAt(at)) >= 0) {
                at++;
            }
        }

        private boolean take(char wanted) {
            skipWhitespace();
            boolean found = at < text.length() && text.charAt(at) == wanted;
            at += found ? 1 : 0;
            return found;
        }

        private void expect(char wanted) throws InvalidFile {
            if (!take(wanted)) {
                throw fault("there is no " + wanted);
            }
        }

        /** Begins an array or object; whether it has an element. */
        private boolean open(char opening, char closing) throws InvalidFile {
            expect(opening);
            return !take(closing);
        }

        /** Goes behind an element; whether there is another one. */
        private boolean next(char closing) throws InvalidFile {
            if (take(',')) {
                return true;
            }
            expect(closing);
            return false;
        }

        private String key() throws InvalidFile {
            String key = string();
            expect(':');
            return key;
        }

        private String string() throws InvalidFile {
            var out = new StringBuilder();
            expect('"');
            for (char next = character(); next != '"'; next = character()) {
                if (next < 0x20) {
                    throw fault("a control character in a string");
                }
                if (next == '\\') {
                    escape(out);
                } else {
                    out.append(next);
                }
            }
            return out.toString();
        }

        private char character() throws InvalidFile {
            if (at == text.length()) {
                throw fault("a string without an end");
            }
            return text.charAt(at++);
        }

        private void escape(StringBuilder out) throws InvalidFile {
            char kind = character();
            int known = "\"\\/bfnrt".indexOf(kind);
            if (known >= 0) {
                out.append("\"\\/\b\f\n\r\t".charAt(known));
                return;
            }
            char unit = unit(kind);
            out.append(unit);
            if (Character.isHighSurrogate(unit)) {
                char low = character() == '\\' ? unit(character()) : '\0';
                if (!Character.isLowSurrogate(low)) {
                    throw fault("a surrogate alone");
                }
                out.append(low);
            } else if (Character.isLowSurrogate(unit)) {
                throw fault("a surrogate alone");
            }
        }

        /** The four digits behind a `u`. */
        private char unit(char kind) throws InvalidFile {
            int unit = 0;
            for (int i = 0; i < 4; i++) {
                char digit = kind == 'u' ? character() : '\0';
                int value = digit < 0x80 ? Character.digit(digit, 16) : -1;
                if (value < 0) {
                    throw fault("an unknown escape");
                }
                unit = unit * 16 + value;
            }
            return (char) unit;
        }
    }
}
