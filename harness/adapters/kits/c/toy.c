/* A small strict reader of safetensors files, and behind it the adapter that lets stconform ask it.
 *
 * The reader follows spec/safetensors.md, appendix A, and needs nothing but libc. The header has
 * one shape, so its parser knows nothing else: what is no name, dtype, shape or offset where one
 * has to be is a fault. Strings are decoded in place. */
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- The reader ---------------------------------------------------------------------------- */

typedef struct toy_text {
    const char *bytes; /* UTF-8; may hold NUL */
    size_t length;
} toy_text;

typedef struct toy_dtype {
    const char *name;
    uint64_t bits;
} toy_dtype;

typedef struct toy_tensor {
    toy_text name;
    const toy_dtype *dtype;
    uint64_t *shape;
    size_t rank;
    uint64_t begin, end; /* in the data buffer */
} toy_tensor;

typedef struct toy_pair {
    toy_text key, value;
} toy_pair;

typedef enum toy_error { TOY_OK, TOY_INVALID, TOY_UNKNOWN_DTYPE, TOY_IO } toy_error;

typedef struct toy_file {
    toy_error error;
    const char *message;
    FILE *stream;
    char *header, *at, *header_end;
    uint64_t buffer_at, buffer_length; /* the data buffer */
    toy_tensor *tensors;
    size_t tensor_count;
    toy_pair *metadata;
    size_t metadata_count;
    bool has_metadata;
} toy_file;

static const toy_dtype toy_dtypes[] = {
    {"BOOL", 8},        {"U8", 8},          {"I8", 8},      {"U16", 16},    {"I16", 16},
    {"F16", 16},        {"BF16", 16},       {"U32", 32},    {"I32", 32},    {"F32", 32},
    {"U64", 64},        {"I64", 64},        {"F64", 64},    {"F8_E5M2", 8}, {"F8_E4M3", 8},
    {"F4", 4},          {"F6_E2M3", 6},     {"F6_E3M2", 6}, {"F8_E8M0", 8}, {"C64", 64},
    {"F8_E4M3FNUZ", 8}, {"F8_E5M2FNUZ", 8},
};

static bool fail(toy_file *file, toy_error error, const char *message)
{
    file->error = error;
    file->message = message;
    return false;
}

static bool invalid(toy_file *file, const char *message)
{
    return fail(file, TOY_INVALID, message);
}

/* Room for one more element; `count` of them are there. */
static void *grow(void *old, size_t count, size_t size)
{
    if ((count & (count - 1)) != 0)
        return old;
    void *memory =
        count > SIZE_MAX / size / 2 ? NULL : realloc(old, (count == 0 ? 1 : 2 * count) * size);
    if (memory == NULL) {
        perror("toy");
        exit(1);
    }
    return memory;
}

static bool is_utf8(const char *text, size_t length)
{
    const unsigned char *at = (const unsigned char *)text, *end = at + length;
    while (at < end) {
        unsigned char low = 0x80, high = 0xBF, first = *at++;
        int more = first < 0x80   ? 0
                   : first < 0xC2 ? -1
                   : first < 0xE0 ? 1
                   : first < 0xF0 ? 2
                   : first < 0xF5 ? 3
                                  : -1;
        if (more < 0 || end - at < more)
            return false;
        if (first == 0xE0 || first == 0xF0)
            low = first == 0xE0 ? 0xA0 : 0x90;
        if (first == 0xED || first == 0xF4)
            high = first == 0xED ? 0x9F : 0x8F;
        for (; more > 0; more--, at++, low = 0x80, high = 0xBF)
            if (*at < low || *at > high)
                return false;
    }
    return true;
}

static void skip_whitespace(toy_file *file)
{
    while (file->at < file->header_end && *file->at != '\0' && strchr(" \t\n\r", *file->at) != NULL)
        file->at++;
}

/* Takes a character if it stands next, after whitespace. */
static bool take(toy_file *file, char character)
{
    skip_whitespace(file);
    if (file->at == file->header_end || *file->at != character)
        return false;
    file->at++;
    return true;
}

/* Goes to the next element or member: 1 if there is one, 0 at the end, -1 for a fault. */
static int next(toy_file *file, bool *first, char closing)
{
    bool was_first = *first;
    *first = false;
    if (take(file, closing))
        return 0;
    if (was_first || take(file, ','))
        return 1;
    invalid(file, "a comma or the end is missing");
    return -1;
}

/* Reads the four digits of an escape; -1 if they are none. */
static int32_t hex4(toy_file *file)
{
    int32_t unit = 0;
    for (int i = 0; i < 4; i++, file->at++) {
        const char *digits = "0123456789abcdef", *digit;
        if (file->at == file->header_end || *file->at == '\0')
            return -1;
        digit = strchr(digits,
                       *file->at >= 'A' && *file->at <= 'F' ? *file->at - 'A' + 'a' : *file->at);
        if (digit == NULL)
            return -1;
        unit = 16 * unit + (int32_t)(digit - digits);
    }
    return unit;
}

static bool parse_unicode_escape(toy_file *file, char **out)
{
    int32_t code = hex4(file);
    if (code >= 0xD800 && code < 0xDC00) {
        int32_t low = -1;
        if (file->header_end - file->at >= 2 && memcmp(file->at, "\\u", 2) == 0) {
            file->at += 2;
            low = hex4(file);
        }
        code =
            low >= 0xDC00 && low < 0xE000 ? 0x10000 + (code - 0xD800) * 0x400 + (low - 0xDC00) : -1;
    } else if (code >= 0xDC00 && code < 0xE000) {
        code = -1;
    }
    if (code < 0)
        return invalid(file, "an escape that stands for no character");
    int more = code < 0x80 ? 0 : code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
    static const int marks[] = {0, 0xC0, 0xE0, 0xF0};
    *(*out)++ = (char)(marks[more] | code >> 6 * more);
    while (more-- > 0)
        *(*out)++ = (char)(0x80 | (code >> 6 * more & 0x3F));
    return true;
}

static bool parse_string(toy_file *file, toy_text *text)
{
    static const char escapes[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";
    if (!take(file, '"'))
        return invalid(file, "a string is missing");
    char *out = file->at;
    text->bytes = out;
    while (file->at < file->header_end && *file->at != '"') {
        char byte = *file->at++;
        if ((unsigned char)byte < 0x20)
            return invalid(file, "a control character in a string");
        if (byte != '\\') {
            *out++ = byte;
            continue;
        }
        byte = file->at < file->header_end ? *file->at++ : '\0';
        const char *escape = byte == '\0' ? NULL : strchr(escapes, byte);
        if (escape != NULL)
            *out++ = meanings[escape - escapes];
        else if (byte != 'u')
            return invalid(file, "an unknown escape");
        else if (!parse_unicode_escape(file, &out))
            return false;
    }
    text->length = (size_t)(out - text->bytes);
    return take(file, '"') || invalid(file, "a string without an end");
}

static bool is(toy_text text, const char *word)
{
    return text.length == strlen(word) && memcmp(text.bytes, word, text.length) == 0;
}

/* Reads `[1,2]` into a list that grows. */
static bool parse_integers(toy_file *file, uint64_t **list, size_t *count)
{
    bool first = true;
    int more;
    if (!take(file, '['))
        return invalid(file, "an array is missing");
    while ((more = next(file, &first, ']')) > 0) {
        uint64_t value = 0;
        skip_whitespace(file);
        const char *digits = file->at;
        for (; file->at < file->header_end && *file->at >= '0' && *file->at <= '9'; file->at++) {
            uint64_t digit = (uint64_t)(*file->at - '0');
            if (value > (UINT64_MAX - digit) / 10 || (file->at > digits && *digits == '0'))
                return invalid(file, "an integer with a leading zero or above 2^64 - 1");
            value = 10 * value + digit;
        }
        if (file->at == digits)
            return invalid(file, "an integer is missing");
        *list = (uint64_t *)grow(*list, *count, sizeof **list);
        (*list)[(*count)++] = value;
    }
    return more == 0;
}

static bool parse_dtype(toy_file *file, toy_tensor *tensor)
{
    toy_text name;
    if (!parse_string(file, &name))
        return false;
    for (size_t i = 0; i < sizeof toy_dtypes / sizeof toy_dtypes[0]; i++)
        if (is(name, toy_dtypes[i].name))
            tensor->dtype = &toy_dtypes[i];
    return tensor->dtype != NULL || fail(file, TOY_UNKNOWN_DTYPE, "an unknown dtype");
}

static bool parse_offsets(toy_file *file, toy_tensor *tensor)
{
    uint64_t *offsets = NULL;
    size_t count = 0;
    bool parsed = parse_integers(file, &offsets, &count);
    if (parsed && count == 2) {
        tensor->begin = offsets[0];
        tensor->end = offsets[1];
    }
    free(offsets);
    return parsed && (count == 2 || invalid(file, "data_offsets are not two"));
}

/* SIZE-1 to SIZE-3: the dimensions that are not 0 are multiplied without overflow. */
static bool check_size(toy_file *file, const toy_tensor *tensor)
{
    uint64_t bits = tensor->dtype->bits;
    bool empty = false;
    for (size_t axis = 0; axis < tensor->rank; axis++) {
        uint64_t dim = tensor->shape[axis];
        if (dim != 0 && bits > UINT64_MAX / dim)
            return invalid(file, "a tensor of 2^64 bits or more");
        bits *= dim != 0 ? dim : 1;
        empty = empty || dim == 0;
    }
    bits = empty ? 0 : bits;
    if (bits % 8 != 0)
        return invalid(file, "a tensor that ends inside a byte");
    if (tensor->begin > tensor->end || tensor->end - tensor->begin != bits / 8)
        return invalid(file, "offsets that do not fit dtype and shape");
    return true;
}

static bool parse_entry(toy_file *file, toy_tensor *tensor)
{
    bool first = true, offsets = false, shape = false;
    int more;
    if (!take(file, '{'))
        return invalid(file, "an entry is no object");
    while ((more = next(file, &first, '}')) > 0) {
        toy_text field;
        if (!parse_string(file, &field))
            return false;
        if (!take(file, ':'))
            return invalid(file, "a colon is missing");
        if (is(field, "dtype") && tensor->dtype == NULL) {
            if (!parse_dtype(file, tensor))
                return false;
        } else if (is(field, "shape") && !shape) {
            shape = true;
            if (!parse_integers(file, &tensor->shape, &tensor->rank))
                return false;
        } else if (is(field, "data_offsets") && !offsets) {
            offsets = true;
            if (!parse_offsets(file, tensor))
                return false;
        } else {
            return invalid(file, "an unknown or repeated field");
        }
    }
    if (more == 0 && (tensor->dtype == NULL || !shape || !offsets))
        return invalid(file, "a field is missing");
    return more == 0 && check_size(file, tensor);
}

static bool parse_metadata(toy_file *file)
{
    bool first = true;
    int more;
    if (file->has_metadata)
        return invalid(file, "a second __metadata__");
    file->has_metadata = true;
    if (!take(file, '{'))
        return invalid(file, "__metadata__ is no object");
    while ((more = next(file, &first, '}')) > 0) {
        toy_pair pair;
        if (!parse_string(file, &pair.key))
            return false;
        if (!take(file, ':'))
            return invalid(file, "a colon is missing");
        if (!parse_string(file, &pair.value))
            return false;
        file->metadata = (toy_pair *)grow(file->metadata, file->metadata_count, sizeof pair);
        file->metadata[file->metadata_count++] = pair;
    }
    return more == 0;
}

static bool parse_header(toy_file *file)
{
    bool first = true;
    int more;
    if (file->at == file->header_end || *file->at != '{')
        return invalid(file, "the header does not begin with {");
    if (!is_utf8(file->at, (size_t)(file->header_end - file->at)))
        return invalid(file, "the header is not UTF-8");
    file->at++;
    while ((more = next(file, &first, '}')) > 0) {
        toy_text name;
        if (!parse_string(file, &name))
            return false;
        if (!take(file, ':'))
            return invalid(file, "a colon is missing");
        if (is(name, "__metadata__")) {
            if (!parse_metadata(file))
                return false;
            continue;
        }
        file->tensors =
            (toy_tensor *)grow(file->tensors, file->tensor_count, sizeof *file->tensors);
        toy_tensor *tensor = &file->tensors[file->tensor_count++];
        memset(tensor, 0, sizeof *tensor);
        tensor->name = name;
        if (!parse_entry(file, tensor))
            return false;
    }
    while (more == 0 && file->at < file->header_end)
        if (*file->at++ != ' ')
            return invalid(file, "something else than spaces behind the object");
    return more == 0;
}

/* Any order will do that puts equal texts side by side. Tensors and pairs begin with their text. */
static int by_text(const void *left, const void *right)
{
    const toy_text *a = (const toy_text *)left, *b = (const toy_text *)right;
    if (a->length != b->length)
        return a->length < b->length ? -1 : 1;
    return memcmp(a->bytes, b->bytes, a->length);
}

static int by_offsets(const void *left, const void *right)
{
    const toy_tensor *a = (const toy_tensor *)left, *b = (const toy_tensor *)right;
    if (a->begin != b->begin)
        return a->begin < b->begin ? -1 : 1;
    return a->end < b->end ? -1 : a->end > b->end;
}

/* NAME-1, META-4 and LAY-1 to LAY-5. Leaves the tensors in the order of their offsets. */
static bool check_whole(toy_file *file)
{
    uint64_t end = 0;
    if (file->metadata_count > 1)
        qsort(file->metadata, file->metadata_count, sizeof *file->metadata, by_text);
    for (size_t i = 1; i < file->metadata_count; i++)
        if (by_text(&file->metadata[i - 1], &file->metadata[i]) == 0)
            return invalid(file, "a key of the metadata occurs twice");
    if (file->tensor_count > 1)
        qsort(file->tensors, file->tensor_count, sizeof *file->tensors, by_text);
    for (size_t i = 1; i < file->tensor_count; i++)
        if (by_text(&file->tensors[i - 1], &file->tensors[i]) == 0)
            return invalid(file, "two tensors with one name");
    if (file->tensor_count > 1)
        qsort(file->tensors, file->tensor_count, sizeof *file->tensors, by_offsets);
    for (size_t i = 0; i < file->tensor_count; i++) {
        if (file->tensors[i].begin != end)
            return invalid(file, "a gap or an overlap between tensors");
        end = file->tensors[i].end;
    }
    return end == file->buffer_length || invalid(file, "the tensors do not end with the file");
}

/* Reads the 8 bytes of N and the header text, whose length is held against the file first. */
static bool read_header(toy_file *file)
{
    unsigned char start[8];
    uint64_t length, n = 0;
    long size;
    if (fseek(file->stream, 0, SEEK_END) != 0 || (size = ftell(file->stream)) < 0)
        return fail(file, TOY_IO, strerror(errno));
    length = (uint64_t)size;
    if (length < 8)
        return invalid(file, "fewer than 8 bytes");
    rewind(file->stream);
    if (fread(start, 1, 8, file->stream) != 8)
        return fail(file, TOY_IO, "cannot read the length of the header");
    for (int i = 0; i < 8; i++)
        n |= (uint64_t)start[i] << 8 * i;
    if (n > 100000000 || n > length - 8)
        return invalid(file, "a header too long");
    file->header = (char *)malloc((size_t)n + 1);
    if (file->header == NULL || fread(file->header, 1, (size_t)n, file->stream) != (size_t)n)
        return fail(file, TOY_IO, "cannot read the header");
    file->at = file->header;
    file->header_end = file->header + n;
    file->buffer_at = 8 + n;
    file->buffer_length = length - 8 - n;
    return true;
}

/* Opens a file and checks all of it but the values of its elements. */
static bool toy_open(toy_file *file, const char *path)
{
    memset(file, 0, sizeof *file);
    file->stream = fopen(path, "rb");
    if (file->stream == NULL)
        return fail(file, TOY_IO, strerror(errno));
    return read_header(file) && parse_header(file) && check_whole(file);
}

/* Reads bytes of the data buffer. */
static bool toy_read(toy_file *file, uint64_t at, void *bytes, size_t count)
{
    if (fseek(file->stream, (long)(file->buffer_at + at), SEEK_SET) != 0 ||
        fread(bytes, 1, count, file->stream) != count)
        return fail(file, TOY_IO, "cannot read the data");
    return true;
}

static void toy_close(toy_file *file)
{
    for (size_t i = 0; i < file->tensor_count; i++)
        free(file->tensors[i].shape);
    free(file->tensors);
    free(file->metadata);
    free(file->header);
    if (file->stream != NULL)
        fclose(file->stream);
}

/* ---- The adapter --------------------------------------------------------------------------- */

#define STCONFORM_KIT_IMPLEMENTATION
#include "stconform_kit.h"

/* Tells why the reader did not go on. That a file cannot be read from the disk says nothing about
 * it, so it is no refusal. */
static stconform_outcome give_up(toy_file *file, stconform_reply *reply)
{
    toy_error error = file->error;
    const char *message = file->message;
    toy_close(file);
    if (error == TOY_IO) {
        fprintf(stderr, "toy: %s\n", message);
        exit(1);
    }
    return error == TOY_UNKNOWN_DTYPE ? stconform_unsupported(reply, message)
                                      : stconform_refuse(reply, message, NULL);
}

static void add_tensor(stconform_reply *reply, const toy_tensor *tensor)
{
    stconform_tensor(reply, tensor->name.bytes, tensor->name.length, tensor->dtype->name);
    for (size_t axis = 0; axis < tensor->rank; axis++)
        stconform_dim(reply, tensor->shape[axis]);
}

static void add_metadata(stconform_reply *reply, const toy_file *file)
{
    for (size_t i = 0; i < file->metadata_count; i++)
        stconform_metadata(reply, file->metadata[i].key.bytes, file->metadata[i].key.length,
                           file->metadata[i].value.bytes, file->metadata[i].value.length);
}

static stconform_outcome read_op(const stconform_request *request, stconform_reply *reply)
{
    static unsigned char chunk[65536];
    toy_file file;
    if (!toy_open(&file, request->path))
        return give_up(&file, reply);
    for (size_t i = 0; i < file.tensor_count; i++) {
        const toy_tensor *tensor = &file.tensors[i];
        add_tensor(reply, tensor);
        stconform_data(reply, NULL, 0); /* there may be no byte */
        for (uint64_t at = tensor->begin; at < tensor->end; at += sizeof chunk) {
            size_t count =
                tensor->end - at < sizeof chunk ? (size_t)(tensor->end - at) : sizeof chunk;
            if (!toy_read(&file, at, chunk, count))
                return give_up(&file, reply);
            stconform_data(reply, chunk, count);
        }
    }
    add_metadata(reply, &file);
    toy_close(&file);
    return stconform_accept(reply);
}

static stconform_outcome header_op(const stconform_request *request, stconform_reply *reply)
{
    toy_file file;
    if (!toy_open(&file, request->path))
        return give_up(&file, reply);
    for (size_t i = 0; i < file.tensor_count; i++)
        add_tensor(reply, &file.tensors[i]);
    add_metadata(reply, &file);
    toy_close(&file);
    return stconform_accept(reply);
}

/* The number of indices of a span. */
static uint64_t span_length(const stconform_span *span)
{
    return span->stop <= span->start ? 0 : (span->stop - span->start - 1) / span->step + 1;
}

/* Adds the bytes of the elements, one by one: the last axis is the fastest. */
static bool add_elements(toy_file *file, const toy_tensor *tensor, const stconform_span *spans,
                         stconform_reply *reply)
{
    uint64_t width = tensor->dtype->bits / 8, elements = 1;
    for (size_t axis = 0; axis < tensor->rank; axis++)
        elements *= span_length(&spans[axis]); /* cannot wrap, by SIZE-1 */
    for (uint64_t i = 0; i < elements; i++) {
        uint64_t rest = i, stride = width, at = tensor->begin;
        unsigned char element[8];
        for (size_t axis = tensor->rank; axis-- > 0;) {
            uint64_t length = span_length(&spans[axis]);
            at += stride * (spans[axis].start + rest % length * spans[axis].step);
            rest /= length;
            stride *= tensor->shape[axis];
        }
        if (!toy_read(file, at, element, (size_t)width))
            return false;
        stconform_data(reply, element, (size_t)width);
    }
    return true;
}

static stconform_outcome slice_op(const stconform_request *request, stconform_reply *reply)
{
    toy_file file;
    const toy_tensor *tensor = NULL;
    const char *fault = NULL;
    if (!toy_open(&file, request->path))
        return give_up(&file, reply);
    for (size_t i = 0; i < file.tensor_count; i++)
        if (file.tensors[i].name.length == request->tensor_length &&
            memcmp(file.tensors[i].name.bytes, request->tensor, request->tensor_length) == 0)
            tensor = &file.tensors[i];
    if (tensor == NULL || tensor->rank != request->slice_count)
        fault = tensor == NULL ? "no tensor of this name" : "another number of axes";
    for (size_t axis = 0; fault == NULL && axis < tensor->rank; axis++)
        if (request->slices[axis].step == 0 || request->slices[axis].stop > tensor->shape[axis])
            fault = "a slice that leaves the tensor, or takes no steps";
    if (fault == NULL && tensor->dtype->bits % 8 != 0) {
        toy_close(&file);
        return stconform_unsupported(reply, "a slice of elements narrower than a byte");
    }
    if (fault != NULL) {
        invalid(&file, fault);
        return give_up(&file, reply);
    }
    stconform_tensor(reply, tensor->name.bytes, tensor->name.length, tensor->dtype->name);
    for (size_t axis = 0; axis < tensor->rank; axis++)
        stconform_dim(reply, span_length(&request->slices[axis]));
    stconform_data(reply, NULL, 0);
    if (!add_elements(&file, tensor, request->slices, reply))
        return give_up(&file, reply);
    toy_close(&file);
    return stconform_accept(reply);
}

int main(void)
{
    stconform_adapter adapter = {
        .name = "toy",
        .version = "1",
        .read = read_op,
        .header = header_op,
        .slice = slice_op,
    };
    return stconform_serve(&adapter);
}
