// A small strict reader of safetensors files, and behind it the adapter that lets stconform ask it.
//
// The reader follows spec/safetensors.md, appendix A, and needs nothing but the standard library.
// The header has one shape, so its parser knows nothing else: what is no name, dtype, shape or
// offset where one has to be is a fault. Faults are thrown.
#include <algorithm>
#include <array>
#include <cstdint>
#include <fstream>
#include <limits>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace toy
{

// The file is invalid.
struct InvalidFile : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// The file may be valid in a version of the format that this reader does not know.
struct UnknownDtype : std::runtime_error {
    using std::runtime_error::runtime_error;
};

struct Dtype {
    const char *name;
    std::uint64_t bits;
};

constexpr std::array<Dtype, 22> dtypes{{
    {"BOOL", 8},        {"U8", 8},          {"I8", 8},      {"U16", 16},    {"I16", 16},
    {"F16", 16},        {"BF16", 16},       {"U32", 32},    {"I32", 32},    {"F32", 32},
    {"U64", 64},        {"I64", 64},        {"F64", 64},    {"F8_E5M2", 8}, {"F8_E4M3", 8},
    {"F4", 4},          {"F6_E2M3", 6},     {"F6_E3M2", 6}, {"F8_E8M0", 8}, {"C64", 64},
    {"F8_E4M3FNUZ", 8}, {"F8_E5M2FNUZ", 8},
}};

struct Tensor {
    std::string name;
    Dtype dtype;
    std::vector<std::uint64_t> shape;
    std::uint64_t begin = 0, end = 0; // in the data buffer
};

using Metadata = std::map<std::string, std::string>;

struct Header {
    std::vector<Tensor> tensors; // in the order of their offsets
    std::optional<Metadata> metadata;
};

bool is_utf8(std::string_view text)
{
    for (std::size_t at = 0; at < text.size();) {
        const auto first = static_cast<unsigned char>(text[at++]);
        const int more = first < 0x80   ? 0
                         : first < 0xC2 ? -1
                         : first < 0xE0 ? 1
                         : first < 0xF0 ? 2
                         : first < 0xF5 ? 3
                                        : -1;
        if (more < 0 || text.size() - at < static_cast<std::size_t>(more))
            return false;
        for (int i = 0; i < more; i++) {
            const auto byte = static_cast<unsigned char>(text[at++]);
            const int low = i > 0 ? 0x80 : first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
            const int high = i > 0 ? 0xBF : first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
            if (byte < low || byte > high)
                return false;
        }
    }
    return true;
}

// Parses the header text of a file with a data buffer of a certain length.
class Parser
{
  public:
    Parser(std::string_view text, std::uint64_t buffer_length)
        : text_(text), buffer_length_(buffer_length)
    {
    }

    Header parse()
    {
        if (text_.empty() || text_[0] != '{')
            fail("the header does not begin with {");
        if (!is_utf8(text_))
            fail("the header is not UTF-8");
        object([this] {
            std::string name = string();
            colon();
            if (name != "__metadata__")
                header_.tensors.push_back(entry(std::move(name)));
            else if (!header_.metadata)
                header_.metadata = metadata();
            else
                fail("a second __metadata__");
        });
        if (text_.find_first_not_of(' ', at_) != std::string_view::npos)
            fail("something else than spaces behind the object");
        check_whole();
        return std::move(header_);
    }

  private:
    [[noreturn]] void fail(const std::string &message) const
    {
        throw InvalidFile(message + ", at byte " + std::to_string(at_) + " of the header");
    }

    // The character that stands next, without whitespace; 0 at the end of the text.
    char peek()
    {
        at_ = std::min(text_.find_first_not_of(" \t\n\r", at_), text_.size());
        return at_ < text_.size() ? text_[at_] : '\0';
    }

    // Takes a character if it stands next.
    bool take(char character)
    {
        if (peek() != character || at_ == text_.size())
            return false;
        at_++;
        return true;
    }

    void colon()
    {
        if (!take(':'))
            fail("a colon is missing");
    }

    template <class Element>
    void list(char opening, char closing, Element element)
    {
        if (!take(opening))
            fail(std::string("there is no ") + opening);
        if (take(closing))
            return;
        do
            element();
        while (take(','));
        if (!take(closing))
            fail("a comma or the end is missing");
    }

    template <class Member>
    void object(Member member)
    {
        list('{', '}', member);
    }

    char next()
    {
        if (at_ == text_.size())
            fail("a string without an end");
        return text_[at_++];
    }

    std::uint32_t hex4()
    {
        std::uint32_t unit = 0;
        for (int i = 0; i < 4; i++) {
            const std::string_view digits = "0123456789abcdef0123456789ABCDEF";
            const std::size_t digit = digits.find(next());
            if (digit == std::string_view::npos)
                fail("an escape with a digit that is none");
            unit = unit * 16 + static_cast<std::uint32_t>(digit % 16);
        }
        return unit;
    }

    // The character of a `\u` escape, with the second half of a pair.
    std::uint32_t escaped_character()
    {
        const std::uint32_t unit = hex4();
        if (unit < 0xD800 || unit > 0xDFFF)
            return unit;
        if (unit > 0xDBFF || next() != '\\' || next() != 'u')
            fail("a surrogate alone");
        const std::uint32_t low = hex4();
        if (low < 0xDC00 || low > 0xDFFF)
            fail("a surrogate alone");
        return 0x10000 + (unit - 0xD800) * 0x400 + (low - 0xDC00);
    }

    static void append(std::string &out, std::uint32_t code)
    {
        const int more = code < 0x80 ? 0 : code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
        constexpr std::array<std::uint32_t, 4> marks{0, 0xC0, 0xE0, 0xF0};
        out += static_cast<char>(marks[static_cast<std::size_t>(more)] | code >> 6 * more);
        for (int i = more - 1; i >= 0; i--)
            out += static_cast<char>(0x80 | (code >> 6 * i & 0x3F));
    }

    std::string string()
    {
        constexpr std::string_view escapes = "\"\\/bfnrt", meanings = "\"\\/\b\f\n\r\t";
        std::string out;
        if (!take('"'))
            fail("a string is missing");
        for (char byte = next(); byte != '"'; byte = next()) {
            if (static_cast<unsigned char>(byte) < 0x20)
                fail("a control character in a string");
            if (byte != '\\') {
                out += byte;
                continue;
            }
            byte = next();
            const std::size_t escape = escapes.find(byte);
            if (escape != std::string_view::npos)
                out += meanings[escape];
            else if (byte == 'u')
                append(out, escaped_character());
            else
                fail("an unknown escape");
        }
        return out;
    }

    std::uint64_t integer()
    {
        constexpr std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
        const bool zero = peek() == '0';
        const std::size_t first = at_;
        std::uint64_t value = 0;
        for (; at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9'; at_++) {
            const auto digit = static_cast<std::uint64_t>(text_[at_] - '0');
            if (value > (most - digit) / 10 || (zero && at_ > first))
                fail("an integer with a leading zero or above 2^64 - 1");
            value = value * 10 + digit;
        }
        if (at_ == first)
            fail("an integer is missing");
        return value;
    }

    std::vector<std::uint64_t> integers()
    {
        std::vector<std::uint64_t> out;
        list('[', ']', [&] { out.push_back(integer()); });
        return out;
    }

    Metadata metadata()
    {
        Metadata pairs;
        object([&] {
            std::string key = string();
            colon();
            if (!pairs.emplace(std::move(key), string()).second)
                fail("a key of the metadata occurs twice");
        });
        return pairs;
    }

    Dtype dtype()
    {
        const std::string name = string();
        for (const Dtype &known : dtypes)
            if (name == known.name)
                return known;
        throw UnknownDtype("the dtype " + name + " is unknown");
    }

    Tensor entry(std::string name)
    {
        std::optional<Dtype> type;
        std::optional<std::vector<std::uint64_t>> shape, offsets;
        object([&] {
            const std::string field = string();
            colon();
            if (field == "dtype" && !type)
                type = dtype();
            else if (field == "shape" && !shape)
                shape = integers();
            else if (field == "data_offsets" && !offsets)
                offsets = integers();
            else
                fail("an unknown or repeated field");
        });
        if (!type || !shape || !offsets || offsets->size() != 2)
            fail("a field is missing, or data_offsets are not two");
        Tensor tensor{std::move(name), *type, std::move(*shape), (*offsets)[0], (*offsets)[1]};
        check_size(tensor);
        return tensor;
    }

    // SIZE-1 to SIZE-3: the dimensions that are not 0 are multiplied without overflow.
    void check_size(const Tensor &tensor) const
    {
        std::uint64_t bits = tensor.dtype.bits;
        bool empty = false;
        for (const std::uint64_t dim : tensor.shape) {
            if (dim != 0 && bits > std::numeric_limits<std::uint64_t>::max() / dim)
                fail("a tensor of 2^64 bits or more");
            bits *= dim != 0 ? dim : 1;
            empty = empty || dim == 0;
        }
        bits = empty ? 0 : bits;
        if (bits % 8 != 0)
            fail("a tensor that ends inside a byte");
        if (tensor.begin > tensor.end || tensor.end - tensor.begin != bits / 8)
            fail("offsets that do not fit dtype and shape");
    }

    // NAME-1 and LAY-1 to LAY-5.
    void check_whole()
    {
        std::vector<Tensor> &tensors = header_.tensors;
        std::vector<std::string_view> names;
        for (const Tensor &tensor : tensors)
            names.push_back(tensor.name);
        std::sort(names.begin(), names.end());
        if (std::adjacent_find(names.begin(), names.end()) != names.end())
            fail("two tensors with one name");
        std::sort(tensors.begin(), tensors.end(), [](const Tensor &a, const Tensor &b) {
            return std::tie(a.begin, a.end) < std::tie(b.begin, b.end);
        });
        std::uint64_t end = 0;
        for (const Tensor &tensor : tensors) {
            if (tensor.begin != end)
                fail("a gap or an overlap between tensors");
            end = tensor.end;
        }
        if (end != buffer_length_)
            fail("the tensors do not end with the file");
    }

    std::string_view text_;
    std::uint64_t buffer_length_;
    std::size_t at_ = 0;
    Header header_;
};

// An open file, all of which is checked but the values of its elements.
class File
{
  public:
    explicit File(const std::string &path)
    {
        stream_.exceptions(std::ios::badbit | std::ios::failbit | std::ios::eofbit);
        stream_.open(path, std::ios::binary | std::ios::ate);
        const auto length = static_cast<std::uint64_t>(stream_.tellg());
        if (length < 8)
            throw InvalidFile("fewer than 8 bytes");
        std::array<char, 8> start{};
        stream_.seekg(0);
        stream_.read(start.data(), start.size());
        std::uint64_t n = 0;
        for (std::size_t i = 0; i < start.size(); i++)
            n |= static_cast<std::uint64_t>(static_cast<unsigned char>(start[i])) << 8 * i;
        if (n > 100'000'000 || n > length - 8)
            throw InvalidFile("a header too long");
        std::string text(static_cast<std::size_t>(n), '\0');
        stream_.read(text.data(), static_cast<std::streamsize>(n));
        buffer_at_ = 8 + n;
        header_ = Parser(text, length - buffer_at_).parse();
    }

    const Header &header() const { return header_; }

    // Hands the bytes from `begin` to `end` of the data buffer to `sink`, piece by piece.
    template <class Sink>
    void read(std::uint64_t begin, std::uint64_t end, Sink sink)
    {
        std::vector<char> piece(
            static_cast<std::size_t>(std::min<std::uint64_t>(end - begin, 1 << 20)));
        stream_.seekg(static_cast<std::streamoff>(buffer_at_ + begin));
        while (begin < end) {
            const auto size =
                static_cast<std::size_t>(std::min<std::uint64_t>(end - begin, piece.size()));
            stream_.read(piece.data(), static_cast<std::streamsize>(size));
            sink(piece.data(), size);
            begin += size;
        }
    }

  private:
    std::ifstream stream_;
    std::uint64_t buffer_at_ = 0;
    Header header_;
};

} // namespace toy

// ---- The adapter ------------------------------------------------------------------------------

#define STCONFORM_KIT_IMPLEMENTATION
#include "../c/stconform_kit.h"

namespace
{

void add_header(stconform_reply *reply, const toy::Tensor &tensor)
{
    stconform_tensor(reply, tensor.name.data(), tensor.name.size(), tensor.dtype.name);
    for (const std::uint64_t dim : tensor.shape)
        stconform_dim(reply, dim);
}

void add_metadata(stconform_reply *reply, const toy::Header &header)
{
    for (const auto &[key, value] : header.metadata.value_or(toy::Metadata{}))
        stconform_metadata(reply, key.data(), key.size(), value.data(), value.size());
}

stconform_outcome read_op(const stconform_request *request, stconform_reply *reply)
{
    toy::File file(request->path);
    for (const toy::Tensor &tensor : file.header().tensors) {
        add_header(reply, tensor);
        stconform_data(reply, nullptr, 0); // there may be no byte
        file.read(tensor.begin, tensor.end,
                  [&](const char *data, std::size_t size) { stconform_data(reply, data, size); });
    }
    add_metadata(reply, file.header());
    return stconform_accept(reply);
}

std::uint64_t length(const stconform_span &span)
{
    return span.stop <= span.start ? 0 : (span.stop - span.start - 1) / span.step + 1;
}

// Hands on what the spans from `axis` on pick out of the bytes from `begin` to `end`.
void pick(toy::File &file, const toy::Tensor &tensor, const stconform_span *spans, std::size_t axis,
          std::uint64_t begin, std::uint64_t end, stconform_reply *reply)
{
    if (axis == tensor.shape.size()) {
        file.read(begin, end,
                  [&](const char *data, std::size_t size) { stconform_data(reply, data, size); });
        return;
    }
    const std::uint64_t stride = (end - begin) / tensor.shape[axis];
    for (std::uint64_t i = 0; i < length(spans[axis]); i++) {
        const std::uint64_t at = begin + (spans[axis].start + i * spans[axis].step) * stride;
        pick(file, tensor, spans, axis + 1, at, at + stride, reply);
    }
}

stconform_outcome slice_op(const stconform_request *request, stconform_reply *reply)
{
    toy::File file(request->path);
    const std::string_view name(request->tensor, request->tensor_length);
    const std::vector<toy::Tensor> &tensors = file.header().tensors;
    const auto found = std::find_if(tensors.begin(), tensors.end(),
                                    [&](const toy::Tensor &tensor) { return tensor.name == name; });
    if (found == tensors.end() || found->shape.size() != request->slice_count)
        return stconform_refuse(reply, "no tensor of this name and rank", nullptr);
    if (found->dtype.bits % 8 != 0)
        return stconform_unsupported(reply, "a slice of elements narrower than a byte");
    stconform_tensor(reply, found->name.data(), found->name.size(), found->dtype.name);
    stconform_data(reply, nullptr, 0); // there may be no byte
    bool empty = false;
    for (std::size_t axis = 0; axis < request->slice_count; axis++) {
        const stconform_span &span = request->slices[axis];
        if (span.step == 0 || span.stop > found->shape[axis])
            return stconform_refuse(reply, "a slice that leaves the tensor, or takes no steps",
                                    nullptr);
        stconform_dim(reply, length(span));
        empty = empty || length(span) == 0;
    }
    if (!empty)
        pick(file, *found, request->slices, 0, found->begin, found->end, reply);
    return stconform_accept(reply);
}

stconform_outcome header_op(const stconform_request *request, stconform_reply *reply)
{
    const toy::File file(request->path);
    for (const toy::Tensor &tensor : file.header().tensors)
        add_header(reply, tensor);
    add_metadata(reply, file.header());
    return stconform_accept(reply);
}

// Anything else that is thrown, such as a file that cannot be read from the disk, is no refusal.
template <stconform_operation Function>
constexpr stconform_operation told =
    stconform::lacking<stconform::refusing<Function, toy::InvalidFile>, toy::UnknownDtype>;

} // namespace

int main()
{
    stconform_adapter adapter = {};
    adapter.name = "toy";
    adapter.version = "1";
    adapter.read = told<read_op>;
    adapter.header = told<header_op>;
    adapter.slice = told<slice_op>;
    return stconform_serve(&adapter);
}
