import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.Array;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * The adapter protocol of stconform in one file, for Java 17.
 *
 * <p>stconform tests readers and writers of safetensors files. It talks to each of them through an
 * adapter, a small program that gets requests on standard input and answers on standard output.
 * This class does the talking; an adapter that uses it is one function for each operation, and says
 * what it can do. The contract is ../../PROTOCOL.md, version 1.
 *
 * <pre>{@code
 * public static void main(String[] arguments) {
 *     new StconformKit("lib", Lib.VERSION)
 *             .refusedOn(LibFormatException.class)
 *             .read(request -> {
 *                 var reading = StconformKit.reading();
 *                 try (var file = Lib.open(request.path())) {
 *                     for (var tensor : file.tensors()) {
 *                         reading.tensor(tensor.name(), tensor.dtype())
 *                                 .shape(tensor.shape())
 *                                 .bytes(tensor.data());
 *                     }
 *                     return reading.metadata(file.metadata());
 *                 }
 *             })
 *             .serve();
 * }
 * }</pre>
 *
 * <p>An operation without a function is not declared. An exception that the adapter did not declare
 * as a refusal ends the process with its trace on standard error and exit code 1, and so does a
 * request that is none, or a reply that cannot be. Not for more than one thread.
 */
public final class StconformKit {
    // ---- What is asked ----

    /** The answer to one request; what it throws is a refusal if the adapter said so. */
    @FunctionalInterface
    public interface Operation {
        Reply answer(Request request) throws Exception;
    }

    /**
     * One request. What its operation does not have is null.
     *
     * @param op {@code read}, {@code header}, {@code slice}, {@code write}, {@code rewrite} or
     *         {@code read-index}
     * @param path the file to read, or for {@code write} to make
     * @param to rewrite: the file to make
     * @param access the way to read, one of the adapter's; null if it declares none
     * @param tensor slice: the name of the tensor
     * @param slices slice: one for each axis
     * @param tensors write: in the order that was asked for; names may occur twice
     * @param metadata write: null for none, which is not the same as no pairs; keys may occur twice
     */
    public record Request(String op, Path path, Path to, String access, String tensor,
            List<Span> slices, List<Source> tensors, List<Pair> metadata) {}

    /** The indices of one axis from {@code start} on, below {@code stop}, {@code step} apart. */
    public record Span(BigInteger start, BigInteger stop, BigInteger step) {}

    /**
     * One tensor to be written, as the runner wants it: the shape need not fit the bytes.
     *
     * <p>With a view, {@code data} are the bytes of an array of the shape {@code base}, and what is
     * to be written is a view of it, of the shape {@code shape}.
     *
     * @param name may hold a lone surrogate, if the runner asks for one
     * @param view {@code transposed}, {@code strided}, {@code reversed} or {@code broadcast}; null
     *         for none
     * @param base null for no view
     */
    public record Source(String name, String dtype, List<BigInteger> shape, byte[] data,
            String view, List<BigInteger> base) {}

    /**
     * One member of the metadata to be written.
     *
     * @param value a String; where the runner asks for another JSON value, a BigDecimal, a Boolean,
     *         null, a List or a JsonObject
     */
    public record Pair(String key, Object value) {}

    /** A JSON object as it stands in a request, with every member in its order. */
    public record JsonObject(List<Pair> members) {
        private boolean has(String key) {
            return members.stream().anyMatch(pair -> pair.key().equals(key));
        }

        private Object get(String key) {
            for (Pair pair : members) {
                if (pair.key().equals(key)) {
                    return pair.value();
                }
            }
            throw new IllegalArgumentException("bad request: it has no " + key);
        }

        private String text(String key) {
            return (String) get(key);
        }

        private List<?> list(String key) {
            return (List<?>) get(key);
        }
    }

    // ---- What is answered ----

    /**
     * What an operation answers: see {@link #reading}, {@link #done}, {@link #refused} and so on.
     */
    public abstract static class Reply {
        private Reply() {}

        /** The fields behind {@code seq}. */
        abstract String fields(String op);
    }

    /** Begins the answer to an operation that reads: the implementation accepted the file. */
    public static Reading reading() {
        return new Reading();
    }

    /** Answers {@code write} and {@code rewrite}: the implementation did it. */
    public static Reply done() {
        return plain("\"accepted\":{}");
    }

    /**
     * The implementation refused the file, or what it was to write, as invalid, with this message.
     */
    public static Reply refused(String message) {
        return plain("\"refused\":" + quoted(message));
    }

    /** The same, with the kind of error that the implementation told. */
    public static Reply refused(String message, String category) {
        return plain("\"refused\":" + quoted(message) + ",\"category\":" + quoted(category));
    }

    /**
     * The implementation does not do this: beyond a declared limit, or a dtype or a view that it
     * does not have.
     */
    public static Reply unsupported(String reason) {
        return plain("\"unsupported\":" + quoted(reason));
    }

    /**
     * The implementation accepted something that no reading can say; the words say what came out.
     */
    public static Reply other(String words) {
        return plain("\"accepted\":{\"other\":" + quoted(words) + "}");
    }

    private static Reply plain(String fields) {
        return new Reply() {
            @Override
            String fields(String op) {
                return fields;
            }
        };
    }

    /** What was read: tensors and metadata. */
    public static final class Reading extends Reply {
        private final List<Tensor> tensors = new ArrayList<>();
        private final List<byte[][]> metadata = new ArrayList<>();
        private String other;

        private Reading() {}

        /**
         * Adds a tensor; {@code dtype} is the name as the header has it. The rest is said of what
         * this returns.
         */
        public Tensor tensor(String name, String dtype) {
            return tensor(utf8(name, "a name"), dtype);
        }

        /** The same for a name in bytes, which need not be UTF-8. */
        public Tensor tensor(byte[] name, String dtype) {
            Tensor tensor = new Tensor(this, name, utf8(dtype, "a dtype"));
            tensors.add(tensor);
            return tensor;
        }

        /** Adds metadata; null for none. Not for {@code slice}. */
        public Reading metadata(Map<String, ?> pairs) {
            if (pairs != null) {
                for (var pair : pairs.entrySet()) {
                    metadata(utf8(pair.getKey(), "a key of the metadata"),
                            utf8(pair.getValue(), "a value of the metadata"));
                }
            }
            return this;
        }

        /** Adds one pair to the metadata, in bytes, which need not be UTF-8. */
        public Reading metadata(byte[] key, byte[] value) {
            metadata.add(new byte[][] {key, value});
            return this;
        }

        /** The bytes of a text; what is no text makes this reading {@code other}. */
        private byte[] utf8(Object text, String what) {
            try {
                if (text instanceof String string) {
                    ByteBuffer bytes =
                            StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(string));
                    return Arrays.copyOf(bytes.array(), bytes.limit());
                }
                say(what + " that is no text: " + text);
            } catch (CharacterCodingException error) {
                say(what + " with a lone surrogate");
            }
            return new byte[0];
        }

        private void say(String words) {
            other = other == null ? words : other;
        }

        @Override
        String fields(String op) {
            if (op.equals("write") || op.equals("rewrite")) {
                throw new IllegalStateException("the answer to " + op + " is no reading");
            }
            if (op.equals("slice") && (tensors.size() != 1 || !metadata.isEmpty())) {
                throw new IllegalStateException("a slice is one tensor and no metadata");
            }
            var keys = new TreeSet<byte[]>(Arrays::compare);
            if (!metadata.stream().allMatch(pair -> keys.add(pair[0]))) {
                say("metadata with one key twice");
            }
            if (other != null) {
                return other(other).fields(op);
            }
            var out = new StringBuilder("\"accepted\":{\"tensors\":[");
            for (Tensor tensor : tensors) {
                out.append(tensor == tensors.get(0) ? "" : ",")
                        .append(tensor.json(op.equals("header")));
            }
            out.append(']');
            if (!op.equals("slice")) {
                out.append(',').append(metadataJson());
            }
            return out.append('}').toString();
        }

        private String metadataJson() {
            if (metadata.isEmpty()) {
                return "\"metadata\":null";
            }
            var texts = new ArrayList<String>();
            var bytes = new ArrayList<String>();
            for (byte[][] pair : metadata) {
                String key = text(pair[0]);
                String value = text(pair[1]);
                if (key != null && value != null) {
                    texts.add(quoted(key) + ":" + quoted(value));
                }
                bytes.add(
                        "[\"" + HEX.formatHex(pair[0]) + "\",\"" + HEX.formatHex(pair[1]) + "\"]");
            }
            return texts.size() == metadata.size()
                    ? "\"metadata\":{" + String.join(",", texts) + "}"
                    : "\"metadata_hex\":[" + String.join(",", bytes) + "]";
        }
    }

    /**
     * A tensor of a reading. It has a shape and, but for {@code header}, bytes or values or both.
     */
    public static final class Tensor {
        private final Reading reading;
        private final byte[] name;
        private final byte[] dtype;
        private String shape;
        private MessageDigest digest;
        private final ByteArrayOutputStream start = new ByteArrayOutputStream();
        private long size;
        private StringBuilder values;

        private Tensor(Reading reading, byte[] name, byte[] dtype) {
            this.reading = reading;
            this.name = name;
            this.dtype = dtype;
        }

        /** The dimensions, outermost first; none for a scalar. */
        public Tensor shape(long... dims) {
            return shape(Arrays.stream(dims).boxed().toList());
        }

        /** The same for libraries that count in ints. */
        public Tensor shape(int[] dims) {
            return shape(Arrays.stream(dims).boxed().toList());
        }

        /** The same for any numbers. One that is no dimension makes the reading {@code other}. */
        public Tensor shape(List<? extends Number> dims) {
            var out = new ArrayList<String>();
            for (Number dim : dims) {
                try {
                    BigInteger integer = new BigDecimal(dim.toString()).toBigIntegerExact();
                    if (integer.signum() < 0 || integer.bitLength() > 64) {
                        throw new ArithmeticException();
                    }
                    out.add(integer.bitLength() > 53 ? "\"" + integer + "\"" : integer.toString());
                } catch (ArithmeticException | NumberFormatException error) {
                    reading.say("a dimension of " + dim);
                }
            }
            shape = "[" + String.join(",", out) + "]";
            return this;
        }

        /**
         * Adds the next bytes: all at once, or piece by piece. A tensor without a byte needs a
         * call too.
         */
        public Tensor bytes(byte[] bytes) {
            return bytes(ByteBuffer.wrap(bytes));
        }

        /** The same for what remains of a buffer, which is read to its end. */
        public Tensor bytes(ByteBuffer bytes) {
            if (digest == null) {
                digest = sha256();
            }
            size += bytes.remaining();
            for (int at = bytes.position(); at < bytes.limit() && start.size() < SHORT; at++) {
                start.write(bytes.get(at));
            }
            digest.update(bytes);
            return this;
        }

        /**
         * Adds elements, for libraries that hand out numbers and no bytes: every one, in row-major
         * order.
         *
         * @param elements a List or an array, of primitives too; a C64 is a String of two floats
         *         with one space between them
         */
        public Tensor values(Object elements) {
            List<?> list = elements instanceof List<?> given ? given : null;
            int count = list == null ? Array.getLength(elements) : list.size();
            values = values == null ? new StringBuilder() : values;
            for (int i = 0; i < count; i++) {
                values.append(values.isEmpty() ? "" : ",");
                values.append(element(list == null ? Array.get(elements, i) : list.get(i)));
            }
            return this;
        }

        private static String element(Object element) {
            if (element instanceof Float || element instanceof Double) {
                double number = ((Number) element).doubleValue();
                return quoted(Double.toString(number)
                                      .replace("NaN", "nan")
                                      .replace("Infinity", "inf")
                                      .replace('E', 'e'));
            }
            if (element instanceof Boolean truth) {
                return truth ? "1" : "0";
            }
            return quoted(String.valueOf(element));
        }

        private String json(boolean header) {
            if (shape == null || header != (digest == null && values == null)) {
                throw new IllegalStateException("every tensor has a shape, and bytes or values"
                        + " but for `header`, where none has");
            }
            String known = text(name);
            var out = new StringBuilder("{");
            out.append(known != null ? "\"name\":" + quoted(known)
                                     : "\"name_hex\":\"" + HEX.formatHex(name) + "\"");
            out.append(",\"dtype\":").append(quoted(text(dtype)));
            out.append(",\"shape\":").append(shape);
            if (digest != null && size <= SHORT) {
                out.append(",\"hex\":\"").append(HEX.formatHex(start.toByteArray())).append('"');
            } else if (digest != null) {
                out.append(",\"sha256\":\"").append(HEX.formatHex(digest.digest())).append('"');
            }
            return out.append(values == null ? "" : ",\"values\":[" + values + "]")
                    .append('}')
                    .toString();
        }
    }

    // ---- The adapter ----

    private final Map<String, Operation> operations = new LinkedHashMap<>();
    private final Map<String, String> limits = new LinkedHashMap<>();
    private final List<Class<? extends Exception>> refusals = new ArrayList<>();
    private final List<Class<? extends Exception>> lacks = new ArrayList<>();
    private final StringBuilder hello = new StringBuilder("{\"protocol\":1");
    private String leniencies = "[]";

    /** An adapter for the implementation of this name and exact version. */
    public StconformKit(String name, String version) {
        field("name", quoted(name));
        field("version", quoted(version));
        field("language", quoted("Java"));
    }

    /** Says how the implementation was built. */
    public StconformKit build(String build) {
        return field("build", quoted(build));
    }

    /** Says the URL that it comes from. */
    public StconformKit source(String url) {
        return field("source", quoted(url));
    }

    /** Declares the ways in which it can read, of mmap, buffer, pread, stream and device. */
    public StconformKit access(String... ways) {
        return field("access", list(ways));
    }

    /** Declares leniencies, by the names of {@code stconform list leniencies}. */
    public StconformKit leniencies(String... names) {
        leniencies = list(names);
        return this;
    }

    /**
     * Declares a limit, by a name of {@code stconform list limits}; for the limit dtype, see
     * {@link #dtypes}.
     */
    public StconformKit limit(String name, long value) {
        limits.put(name, Long.toString(value));
        return this;
    }

    /** Declares the dtypes that it reads, where they are not all. */
    public StconformKit dtypes(String... names) {
        limits.put("dtype", list(names));
        return this;
    }

    /** Declares the dtypes that it writes, where they are not all. */
    public StconformKit writeDtypes(String... names) {
        return field("write_dtypes", list(names));
    }

    /** Declares what it promises beyond the rules, of deterministic and canonical. */
    public StconformKit claims(String... names) {
        return field("claims", list(names));
    }

    /**
     * Says which exceptions of the implementation are refusals; the class is told as the category.
     */
    @SafeVarargs
    public final StconformKit refusedOn(Class<? extends Exception>... classes) {
        for (var thrown : classes) {
            refusals.add(thrown);
        }
        return this;
    }

    /**
     * Says which exceptions mean that the implementation does not do this; they go before
     * refusals.
     */
    @SafeVarargs
    public final StconformKit unsupportedOn(Class<? extends Exception>... classes) {
        for (var thrown : classes) {
            lacks.add(thrown);
        }
        return this;
    }

    /** Reads everything in the file. */
    public StconformKit read(Operation operation) {
        return operation("read", operation);
    }

    /** Reads names, dtypes, shapes and metadata, and no data. */
    public StconformKit header(Operation operation) {
        return operation("header", operation);
    }

    /** Reads a part of one tensor. */
    public StconformKit slice(Operation operation) {
        return operation("slice", operation);
    }

    /** Writes a file with the tensors and the metadata of the request. */
    public StconformKit write(Operation operation) {
        return operation("write", operation);
    }

    /** Reads everything in the file, and writes it to another. */
    public StconformKit rewrite(Operation operation) {
        return operation("rewrite", operation);
    }

    /** Reads a sharded model by its index. */
    public StconformKit readIndex(Operation operation) {
        return operation("read-index", operation);
    }

    /**
     * Says hello, answers requests until there are no more, and ends the process.
     *
     * <p>From the call on, {@code System.out} is standard error, so that prints of the library are
     * no replies. Native code prints to descriptor 1 itself, and so does a virtual machine that
     * crashes. Java cannot move that descriptor; a shell can, and the system property
     * {@code stconform.replies} says to which path the replies go instead:
     *
     * <pre>{@code
     * exec 3>&1 1>&2
     * exec java -Dstconform.replies=/dev/fd/3 -cp out:lib.jar LibAdapter
     * }</pre>
     */
    public void serve() {
        int code = 1;
        String moved = System.getProperty("stconform.replies");
        try (OutputStream replies = moved == null ? new FileOutputStream(FileDescriptor.out)
                                                  : new FileOutputStream(moved)) {
            System.setOut(System.err);
            converse(new BufferedInputStream(System.in), replies);
            code = 0;
        } catch (Throwable end) {
            // The process ends here and now, even if the library has threads that do not.
            end.printStackTrace();
        }
        System.err.flush();
        Runtime.getRuntime().halt(code);
    }

    private StconformKit field(String name, String json) {
        hello.append(",\"").append(name).append("\":").append(json);
        return this;
    }

    private StconformKit operation(String name, Operation operation) {
        operations.put(name, operation);
        return this;
    }

    private void converse(InputStream requests, OutputStream replies) throws Exception {
        var pairs = new ArrayList<String>();
        limits.forEach((name, value) -> pairs.add(quoted(name) + ":" + value));
        field("operations", list(operations.keySet().toArray(String[]::new)));
        field("leniencies", leniencies);
        field("limits", "{" + String.join(",", pairs) + "}");
        send(replies, hello.append('}').toString());
        for (String line = readLine(requests); line != null; line = readLine(requests)) {
            JsonObject fields = new Json(line).document();
            Request request = request(fields);
            Object seq = fields.get("seq");
            String echo = seq instanceof String text ? quoted(text) : String.valueOf(seq);
            send(replies, "{\"seq\":" + echo + "," + answer(request) + "}");
        }
    }

    private String answer(Request request) throws Exception {
        Operation operation = operations.get(request.op());
        if (operation == null) {
            return unsupported("the adapter has no function for this operation")
                    .fields(request.op());
        }
        Reply reply;
        try {
            reply = operation.answer(request);
        } catch (Exception thrown) {
            String message = thrown.getMessage() == null ? thrown.toString() : thrown.getMessage();
            if (lacks.stream().anyMatch(lack -> lack.isInstance(thrown))) {
                reply = unsupported(message);
            } else if (refusals.stream().anyMatch(refusal -> refusal.isInstance(thrown))) {
                reply = refused(message, thrown.getClass().getSimpleName());
            } else {
                throw thrown;
            }
        }
        return Objects.requireNonNull(reply, "the function returned no reply").fields(request.op());
    }

    // ---- Requests ----

    private static Request request(JsonObject fields) {
        String op = fields.text("op");
        boolean slice = op.equals("slice");
        boolean write = op.equals("write");
        JsonObject metadata = write ? (JsonObject) fields.get("metadata") : null;
        return new Request(op, Path.of(fields.text("path")),
                op.equals("rewrite") ? Path.of(fields.text("to")) : null,
                fields.has("access") ? fields.text("access") : null,
                slice ? fields.text("tensor") : null,
                slice ? fields.list("slices").stream().map(StconformKit::span).toList() : null,
                write ? fields.list("tensors").stream().map(StconformKit::source).toList() : null,
                metadata != null ? metadata.members() : null);
    }

    private static Span span(Object json) {
        List<BigInteger> numbers = integers(json);
        if (numbers.size() != 3) {
            throw new IllegalArgumentException("bad request: a slice is start, stop and step");
        }
        return new Span(numbers.get(0), numbers.get(1), numbers.get(2));
    }

    private static Source source(Object json) {
        var fields = (JsonObject) json;
        boolean view = fields.has("view");
        return new Source(fields.text("name"), fields.text("dtype"), integers(fields.get("shape")),
                HEX.parseHex(fields.text("hex")), view ? fields.text("view") : null,
                view ? integers(fields.get("base")) : null);
    }

    /** Integers, each a number or a string of digits. */
    private static List<BigInteger> integers(Object json) {
        return ((List<?>) json).stream()
                .map(number -> new BigDecimal(number.toString()).toBigIntegerExact())
                .toList();
    }

    /** A line without its line feed, or null at the end of the input. */
    private static String readLine(InputStream requests) throws IOException {
        var line = new ByteArrayOutputStream();
        int next = requests.read();
        if (next < 0) {
            return null;
        }
        for (; next >= 0 && next != '\n'; next = requests.read()) {
            line.write(next);
        }
        return StandardCharsets.UTF_8.newDecoder()
                .decode(ByteBuffer.wrap(line.toByteArray()))
                .toString();
    }

    /** A reader of JSON: arrays become Lists, and numbers BigDecimals. */
    private static final class Json {
        private final String text;
        private int at;

        Json(String text) {
            this.text = text;
        }

        /** The whole text, which has to be an object. */
        JsonObject document() {
            if (peek() == '{' && value() instanceof JsonObject object && peek() == '\0') {
                return object;
            }
            throw fault();
        }

        private IllegalArgumentException fault() {
            return new IllegalArgumentException("bad request: at character " + at + " of " + text);
        }

        /** The next character that is no whitespace; 0 at the end. */
        private char peek() {
            while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
                at++;
            }
            return at < text.length() ? text.charAt(at) : '\0';
        }

        private boolean take(char wanted) {
            boolean found = peek() == wanted;
            at += found ? 1 : 0;
            return found;
        }

        private void expect(char wanted) {
            if (!take(wanted)) {
                throw fault();
            }
        }

        private Object value() {
            return switch (peek()) {
                case '{' -> new JsonObject(elements('}', this::member));
                case '[' -> elements(']', this::value);
                case '"' -> string();
                default -> word();
            };
        }

        private Pair member() {
            String key = string();
            expect(':');
            return new Pair(key, value());
        }

        private <T> List<T> elements(char closing, Supplier<T> element) {
            var out = new ArrayList<T>();
            at++;
            if (take(closing)) {
                return out;
            }
            do {
                out.add(element.get());
            } while (take(','));
            expect(closing);
            return out;
        }

        private Object word() {
            int from = at;
            while (at < text.length() && ",:]} \t\r".indexOf(text.charAt(at)) < 0) {
                at++;
            }
            String word = text.substring(from, at);
            return switch (word) {
                case "true" -> true;
                case "false" -> false;
                case "null" -> null;
                default -> new BigDecimal(word);
            };
        }

        private String string() {
            var out = new StringBuilder();
            expect('"');
            while (at < text.length() && text.charAt(at) != '"') {
                char next = text.charAt(at++);
                out.append(next == '\\' ? escape() : next);
            }
            if (at == text.length()) {
                throw fault();
            }
            at++;
            return out.toString();
        }

        private char escape() {
            char kind = at < text.length() ? text.charAt(at++) : '\0';
            if (kind == 'u' && text.length() - at >= 4) {
                at += 4;
                return (char) HexFormat.fromHexDigits(text, at - 4, at);
            }
            int known = "\"\\/bfnrt".indexOf(kind);
            if (known < 0) {
                throw fault();
            }
            return "\"\\/\b\f\n\r\t".charAt(known);
        }
    }

    // ---- Replies ----

    private static final HexFormat HEX = HexFormat.of();

    /** As many bytes go out as they are, because their digest would not be shorter. */
    private static final int SHORT = 32;

    private static void send(OutputStream replies, String line) throws IOException {
        replies.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        replies.flush();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException error) {
            throw new IllegalStateException(error);
        }
    }

    /** The text that the bytes are in UTF-8, or null. */
    private static String text(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException error) {
            return null;
        }
    }

    private static String list(String... words) {
        return "[" + String.join(",", Arrays.stream(words).map(StconformKit::quoted).toList())
                + "]";
    }

    /**
     * A JSON string; a lone surrogate, to which only messages can come, becomes a question mark as
     * Java has it.
     */
    private static String quoted(String text) {
        var out = new StringBuilder("\"");
        for (char next : String.valueOf(text).toCharArray()) {
            if (next < 0x20 || next == 0x7F || next == '"' || next == '\\') {
                out.append(String.format("\\u%04x", (int) next));
            } else {
                out.append(next);
            }
        }
        return out.append('"').toString();
    }
}
