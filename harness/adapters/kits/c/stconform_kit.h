/* stconform_kit.h: the adapter protocol of stconform in one header, for C99 and C++17.
 *
 * stconform tests readers and writers of safetensors files. It talks to each of them through an
 * adapter, a small program that gets requests on standard input and answers on standard output.
 * This header does the talking; an adapter that uses it is one function for each operation, and
 * says in a struct what it can do. The contract is ../../PROTOCOL.md, version 1.
 *
 *     #define STCONFORM_KIT_IMPLEMENTATION        (in one source file)
 *     #include "stconform_kit.h"
 *
 *     static stconform_outcome read_file(const stconform_request *request, stconform_reply *reply)
 *     {
 *         lib_file *file = lib_open(request->path);
 *         if (file == NULL)
 *             return stconform_refuse(reply, lib_error(), NULL);
 *         for (size_t i = 0; i < file->count; i++) {
 *             const lib_tensor *tensor = &file->tensors[i];
 *             stconform_tensor(reply, tensor->name, strlen(tensor->name), tensor->dtype);
 *             for (size_t axis = 0; axis < tensor->rank; axis++)
 *                 stconform_dim(reply, tensor->shape[axis]);
 *             stconform_data(reply, tensor->data, tensor->size);
 *         }
 *         lib_close(file);
 *         return stconform_accept(reply);
 *     }
 *
 *     int main(void)
 *     {
 *         stconform_adapter adapter = {.name = "lib", .version = LIB_VERSION, .read = read_file};
 *         return stconform_serve(&adapter);
 *     }
 *
 * In C++, set the members of `stconform_adapter adapter = {};` one by one, and see
 * stconform::refusing at the end of the interface.
 *
 * What an adapter calls wrongly, a request that is none, and in C++ an exception that leaves a
 * function of the adapter, end the process with a message on standard error and exit code 1.
 * Nothing else is caught: a crash of the library is a crash of the adapter, and the runner shows it
 * as one.
 *
 * It needs libc with dup, dup2 and write of POSIX. It keeps what it builds of a reply in memory,
 * and never the bytes of a tensor. Not for more than one thread.
 */
#ifndef STCONFORM_KIT_H
#define STCONFORM_KIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- What is asked ------------------------------------------------------------------------- */

/* The indices of one axis from `start` on, below `stop`, `step` apart. */
typedef struct stconform_span {
    uint64_t start, stop, step;
} stconform_span;

/* One tensor to be written, as the runner wants it: the shape need not fit the bytes.
 *
 * With a view, `data` are the bytes of an array of the shape `base`, and what is to be written is
 * a view of it, of the shape `shape`; `view` is "transposed", "strided", "reversed" or
 * "broadcast". Without one, `view` and `base` are NULL. `data` is aligned as malloc does it. */
typedef struct stconform_array {
    const char *name; /* UTF-8 and a NUL behind it; there may be others before */
    size_t name_length;
    const char *dtype;
    const uint64_t *shape;
    size_t rank;
    const unsigned char *data;
    size_t size; /* bytes in `data` */
    const char *view;
    const uint64_t *base;
    size_t base_rank;
} stconform_array;

/* One member of the metadata to be written. Keys may occur twice, and values may be no strings:
 * then `is_string` is false and `value` is the JSON text of what stands there. */
typedef struct stconform_pair {
    const char *key;
    size_t key_length;
    const char *value;
    size_t value_length;
    bool is_string;
} stconform_pair;

/* One request. What its operation does not have is NULL or 0. All strings are UTF-8 with a NUL
 * behind them, except that an escaped lone surrogate is three bytes, as UTF-8 would have it. All of
 * it is gone when the function returns. */
typedef struct stconform_request {
    const char *op;     /* "read", "header", "slice", "write", "rewrite" or "read-index" */
    const char *path;   /* the file to read, or for `write` to make */
    const char *to;     /* rewrite: the file to make */
    const char *access; /* the way to read, one of the adapter's; NULL if it has none */
    const char *tensor; /* slice: the name of the tensor */
    size_t tensor_length;
    const stconform_span *slices; /* slice: one for each axis */
    size_t slice_count;
    const stconform_array *tensors; /* write: in the order that was asked for */
    size_t tensor_count;
    const stconform_pair *metadata; /* write: NULL for none, which is not the same as no pairs */
    size_t metadata_count;
} stconform_request;

/* ---- What is answered ---------------------------------------------------------------------- */

/* The reply that is being built. */
typedef struct stconform_reply stconform_reply;

/* How the reply ends. A function of an adapter returns what one of the next four gave it. */
typedef enum stconform_outcome {
    STCONFORM_ACCEPTED,
    STCONFORM_REFUSED,
    STCONFORM_UNSUPPORTED
} stconform_outcome;

/* The implementation did it: what was added to the reply is the reading. Nothing is added for
 * `write` and `rewrite`. */
stconform_outcome stconform_accept(stconform_reply *reply);

/* The implementation refused the file, or what it was to write, as invalid, with this message;
 * `category` is the kind of error that it told, or NULL. Drops what was added to the reply. */
stconform_outcome stconform_refuse(stconform_reply *reply, const char *message,
                                   const char *category);

/* The implementation does not do this, for this reason: beyond a declared limit, or a dtype or a
 * view that it does not have. Drops what was added to the reply. */
stconform_outcome stconform_unsupported(stconform_reply *reply, const char *reason);

/* The implementation accepted something that no reading can say; `words` say what came out. Drops
 * what was added to the reply. */
stconform_outcome stconform_other(stconform_reply *reply, const char *words);

/* ---- The reading --------------------------------------------------------------------------- */

/* Begins a tensor; what follows is about it, in any order, until the next one. A name of any bytes
 * will do; one that is not UTF-8 goes out in hexadecimal. `dtype` is the name as the header has
 * it. A scalar has no call of stconform_dim. */
void stconform_tensor(stconform_reply *reply, const char *name, size_t name_length,
                      const char *dtype);

/* Adds the next dimension, outermost first. */
void stconform_dim(stconform_reply *reply, uint64_t dim);

/* The same for libraries with signed dimensions; a negative one makes the reading `other`. */
void stconform_signed_dim(stconform_reply *reply, int64_t dim);

/* Adds the next `size` bytes of the tensor. A tensor may come in one piece or in many; one without
 * bytes needs a call too, with 0. Not for `header`. */
void stconform_data(stconform_reply *reply, const void *data, size_t size);

/* Add the next element, for libraries that hand out numbers and no bytes: a float of any width, an
 * integer or the byte of a BOOL, or both parts of a C64. Every element in row-major order. */
void stconform_float(stconform_reply *reply, double value);
void stconform_int(stconform_reply *reply, int64_t value);
void stconform_uint(stconform_reply *reply, uint64_t value);
void stconform_complex(stconform_reply *reply, double real, double imaginary);

/* Says that the tensor has its elements one by one: needed only for one that has none, where
 * neither stconform_data nor any of the four above is called. */
void stconform_values(stconform_reply *reply);

/* Adds a pair to the metadata, of any bytes. Not for `slice`. */
void stconform_metadata(stconform_reply *reply, const char *key, size_t key_length,
                        const char *value, size_t value_length);

/* ---- The adapter --------------------------------------------------------------------------- */

/* A function for an operation. It hands on what the implementation hands out, adds nothing, and
 * returns stconform_accept and so on. */
typedef stconform_outcome (*stconform_operation)(const stconform_request *request,
                                                 stconform_reply *reply);

/* A limit that the implementation has: a name of `stconform list limits`, and its value. */
typedef struct stconform_limit {
    const char *name;
    uint64_t value;
} stconform_limit;

/* What an adapter is. The lists are words with a space between them; NULL is the empty list. The
 * operations that it declares are those that have a function here. */
typedef struct stconform_adapter {
    const char *name;           /* the implementation under test */
    const char *version;        /* its exact version */
    const char *language;       /* NULL: "C", or "C++" if this is compiled as such */
    const char *build;          /* how it was built; NULL for nothing */
    const char *source;         /* the URL that it comes from; NULL for none */
    const char *access;         /* of "mmap buffer pread stream device"; NULL: not declared */
    const char *leniencies;     /* names of `stconform list leniencies`; NULL for a strict reader */
    stconform_limit limits[8];  /* all limits but `dtype`, up to the first without a name */
    const char *dtypes;         /* the limit `dtype`: what it reads; NULL for all */
    const char *write_dtypes;   /* what it writes; NULL for all */
    const char *claims;         /* of "deterministic canonical"; NULL: not declared */
    stconform_operation read;   /* everything in the file */
    stconform_operation header; /* names, dtypes, shapes and metadata, and no data */
    stconform_operation slice;  /* a part of one tensor */
    stconform_operation write;  /* make a file of these tensors and this metadata */
    stconform_operation rewrite;    /* read a file, and write it to another */
    stconform_operation read_index; /* a sharded model, by its index */
} stconform_adapter;

/* Says hello, and answers requests until there are no more. Returns the exit code for `main`.
 *
 * From the call on, descriptor 1 is standard error, so that prints of the library are no replies:
 * call it before anything of the library. */
int stconform_serve(const stconform_adapter *adapter);

#ifdef __cplusplus
} /* extern "C" */

/* What only C++ has. */
namespace stconform
{

/* Makes a function of an adapter out of one whose library refuses by throwing `Refusal`, a class
 * with what():
 *
 *     adapter.read = stconform::refusing<read_file, lib::FormatError>;
 *
 * Nest it for more than one. An exception of any other class ends the process with exit code 1. */
template <stconform_operation Function, class Refusal>
stconform_outcome refusing(const stconform_request *request, stconform_reply *reply)
{
    try {
        return Function(request, reply);
    } catch (const Refusal &refusal) {
        return stconform_refuse(reply, refusal.what(), nullptr);
    }
}

/* The same for exceptions that say that the implementation does not do this, such as one for a
 * dtype that it does not have. */
template <stconform_operation Function, class Lack>
stconform_outcome lacking(const stconform_request *request, stconform_reply *reply)
{
    try {
        return Function(request, reply);
    } catch (const Lack &lack) {
        return stconform_unsupported(reply, lack.what());
    }
}

} // namespace stconform
#endif
#endif /* STCONFORM_KIT_H */

/* ============================================================================================ */

#if defined(STCONFORM_KIT_IMPLEMENTATION) && !defined(STCONFORM_KIT_IMPLEMENTED)
#define STCONFORM_KIT_IMPLEMENTED

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifdef __cplusplus
#include <exception>
#include <typeinfo>
#endif

/* The greatest integer that every JSON reader takes exactly. */
#define STCK_MAX_SAFE_INTEGER ((UINT64_C(1) << 53) - 1)

/* As many bytes go out as they are, because their digest would not be shorter. */
#define STCK_SHORT 32

static void stck_die(const char *what, const char *detail)
{
    fprintf(stderr, "stconform_kit: %s%s%s\n", what, detail == NULL ? "" : ": ",
            detail == NULL ? "" : detail);
    exit(1);
}

/* Memory is a matter of the machine and not of the file, so the want of it is the end. */
static void *stck_resize(void *old, size_t count, size_t size)
{
    void *memory = NULL;
    if (count <= SIZE_MAX / size)
        memory = realloc(old, count == 0 ? 1 : count * size);
    if (memory == NULL)
        stck_die("out of memory", NULL);
    return memory;
}

/* ---- Text that grows ----------------------------------------------------------------------- */

typedef struct stck_text {
    char *bytes;
    size_t length, capacity;
} stck_text;

static void stck_add(stck_text *text, const void *bytes, size_t length)
{
    if (length > text->capacity - text->length) {
        size_t wanted = text->capacity + (text->capacity > length ? text->capacity : length) + 64;
        text->bytes = (char *)stck_resize(text->bytes, wanted, 1);
        text->capacity = wanted;
    }
    if (length != 0)
        memcpy(text->bytes + text->length, bytes, length);
    text->length += length;
}

static void stck_add_raw(stck_text *text, const char *raw)
{
    stck_add(text, raw, strlen(raw));
}

static void stck_add_hex(stck_text *text, const unsigned char *bytes, size_t length)
{
    stck_add_raw(text, "\"");
    for (size_t i = 0; i < length; i++) {
        const char *digits = "0123456789abcdef";
        char pair[2] = {digits[bytes[i] >> 4], digits[bytes[i] & 15]};
        stck_add(text, pair, 2);
    }
    stck_add_raw(text, "\"");
}

/* An integer, as a string where a reader of JSON might round it. */
static void stck_add_u64(stck_text *text, uint64_t value)
{
    char digits[32];
    snprintf(digits, sizeof digits, value > STCK_MAX_SAFE_INTEGER ? "\"%llu\"" : "%llu",
             (unsigned long long)value);
    stck_add_raw(text, digits);
}

/* The length of the UTF-8 sequence that `bytes` begin with, or 0 if it is none. */
static size_t stck_utf8(const unsigned char *bytes, size_t length)
{
    unsigned char first = length == 0 ? 0xFF : bytes[0];
    size_t size = first < 0x80   ? 1
                  : first < 0xC2 ? 0
                  : first < 0xE0 ? 2
                  : first < 0xF0 ? 3
                  : first < 0xF5 ? 4
                                 : 0;
    if (size > length)
        return 0;
    for (size_t i = 1; i < size; i++)
        if ((bytes[i] & 0xC0) != 0x80)
            return 0;
    /* overlong forms, surrogates, and what lies above U+10FFFF */
    if ((first == 0xE0 && bytes[1] < 0xA0) || (first == 0xED && bytes[1] > 0x9F) ||
        (first == 0xF0 && bytes[1] < 0x90) || (first == 0xF4 && bytes[1] > 0x8F))
        return 0;
    return size;
}

static bool stck_is_utf8(const char *bytes, size_t length)
{
    for (size_t at = 0, size; at < length; at += size)
        if ((size = stck_utf8((const unsigned char *)bytes + at, length - at)) == 0)
            return false;
    return true;
}

/* A JSON string; a byte that is not UTF-8 becomes U+FFFD, which only messages can come to. */
static void stck_add_string(stck_text *text, const char *bytes, size_t length)
{
    stck_add_raw(text, "\"");
    for (size_t at = 0; at < length;) {
        size_t size = stck_utf8((const unsigned char *)bytes + at, length - at);
        unsigned char byte = (unsigned char)bytes[at];
        char escape[8];
        if (size == 0) {
            stck_add_raw(text, "\\ufffd");
        } else if (byte < 0x20 || byte == 0x7F || byte == '"' || byte == '\\') {
            snprintf(escape, sizeof escape, "\\u%04x", byte);
            stck_add_raw(text, escape);
        } else {
            stck_add(text, bytes + at, size);
        }
        at += size == 0 ? 1 : size;
    }
    stck_add_raw(text, "\"");
}

static void stck_add_c_string(stck_text *text, const char *string)
{
    stck_add_string(text, string == NULL ? "" : string, string == NULL ? 0 : strlen(string));
}

/* ---- SHA-256 (FIPS 180-4) ------------------------------------------------------------------ */

typedef struct stck_sha256 {
    uint32_t state[8];
    unsigned char block[64];
    uint64_t length;
} stck_sha256;

static void stck_sha256_begin(stck_sha256 *sha)
{
    static const uint32_t initial[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                        0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    memcpy(sha->state, initial, sizeof initial);
    sha->length = 0;
}

static uint32_t stck_rotate(uint32_t word, int count)
{
    return word >> count | word << (32 - count);
}

static void stck_sha256_block(stck_sha256 *sha, const unsigned char *block)
{
    static const uint32_t k[64] = {
        0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4,
        0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe,
        0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f,
        0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7,
        0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc,
        0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
        0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116,
        0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
        0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
        0xc67178f2};
    uint32_t w[64];
    for (int i = 0; i < 16; i++)
        w[i] = (uint32_t)block[4 * i] << 24 | (uint32_t)block[4 * i + 1] << 16 |
               (uint32_t)block[4 * i + 2] << 8 | block[4 * i + 3];
    for (int i = 16; i < 64; i++) {
        uint32_t x = w[i - 15], y = w[i - 2];
        w[i] = w[i - 16] + w[i - 7] + (stck_rotate(x, 7) ^ stck_rotate(x, 18) ^ x >> 3) +
               (stck_rotate(y, 17) ^ stck_rotate(y, 19) ^ y >> 10);
    }
    uint32_t a = sha->state[0], b = sha->state[1], c = sha->state[2], d = sha->state[3];
    uint32_t e = sha->state[4], f = sha->state[5], g = sha->state[6], h = sha->state[7];
    for (int i = 0; i < 64; i++) {
        uint32_t one = h + (stck_rotate(e, 6) ^ stck_rotate(e, 11) ^ stck_rotate(e, 25)) +
                       ((e & f) ^ (~e & g)) + k[i] + w[i];
        uint32_t two = (stck_rotate(a, 2) ^ stck_rotate(a, 13) ^ stck_rotate(a, 22)) +
                       ((a & b) ^ (a & c) ^ (b & c));
        h = g, g = f, f = e, e = d + one;
        d = c, c = b, b = a, a = one + two;
    }
    sha->state[0] += a, sha->state[1] += b, sha->state[2] += c, sha->state[3] += d;
    sha->state[4] += e, sha->state[5] += f, sha->state[6] += g, sha->state[7] += h;
}

static void stck_sha256_add(stck_sha256 *sha, const unsigned char *bytes, size_t length)
{
    while (length != 0) {
        size_t used = (size_t)(sha->length % 64), room = 64 - used,
               taken = length < room ? length : room;
        if (taken == 64) {
            stck_sha256_block(sha, bytes);
        } else {
            memcpy(sha->block + used, bytes, taken);
            if (taken == room)
                stck_sha256_block(sha, sha->block);
        }
        sha->length += taken;
        bytes += taken;
        length -= taken;
    }
}

static void stck_sha256_end(stck_sha256 *sha, unsigned char digest[32])
{
    unsigned char padding[72] = {0x80};
    uint64_t bits = sha->length * 8;
    size_t zeros = 64 - (size_t)((sha->length + 8) % 64);
    for (int i = 0; i < 8; i++)
        padding[zeros + (size_t)i] = (unsigned char)(bits >> (56 - 8 * i));
    stck_sha256_add(sha, padding, zeros + 8);
    for (int i = 0; i < 32; i++)
        digest[i] = (unsigned char)(sha->state[i / 4] >> (24 - 8 * (i % 4)));
}

/* ---- Requests ------------------------------------------------------------------------------ */

/* A cursor into a line that ends with a NUL. Strings are decoded where they stand: what an escape
 * denotes is never longer than the escape. Whatever has to be allocated lives in `kept`. */
typedef struct stck_reader {
    char *at;
    void **kept;
    size_t kept_count;
} stck_reader;

static void *stck_keep(stck_reader *reader, size_t count, size_t size)
{
    reader->kept = (void **)stck_resize(reader->kept, reader->kept_count + 1, sizeof *reader->kept);
    return reader->kept[reader->kept_count++] = stck_resize(NULL, count, size);
}

/* Makes room for one more in the last thing kept, which doubles at each power of two. */
static void *stck_keep_more(stck_reader *reader, size_t slot, size_t count, size_t size)
{
    if ((count & (count - 1)) == 0)
        reader->kept[slot] = stck_resize(reader->kept[slot], count == 0 ? 1 : 2 * count, size);
    return reader->kept[slot];
}

static char stck_peek(stck_reader *reader)
{
    while (*reader->at == ' ' || *reader->at == '\t' || *reader->at == '\r')
        reader->at++;
    return *reader->at;
}

static void stck_expect(stck_reader *reader, char character)
{
    char wanted[2] = {character, '\0'};
    if (stck_peek(reader) != character)
        stck_die("bad request, expected", wanted);
    reader->at++;
}

/* Goes to the next element of an array or an object, the opening bracket of which is behind. */
static bool stck_next(stck_reader *reader, bool *first, char closing)
{
    if (stck_peek(reader) == closing) {
        reader->at++;
        return false;
    }
    if (!*first)
        stck_expect(reader, ',');
    *first = false;
    return true;
}

static uint32_t stck_hex_digit(char digit)
{
    if (digit >= '0' && digit <= '9')
        return (uint32_t)(digit - '0');
    if (digit >= 'a' && digit <= 'f')
        return (uint32_t)(digit - 'a' + 10);
    if (digit >= 'A' && digit <= 'F')
        return (uint32_t)(digit - 'A' + 10);
    stck_die("bad request", "no hexadecimal digit");
    return 0;
}

static uint32_t stck_hex4(const char *digits)
{
    uint32_t unit = 0;
    for (int i = 0; i < 4; i++)
        unit = unit << 4 | stck_hex_digit(digits[i]);
    return unit;
}

/* Writes a code point, or a lone surrogate in the same way, and returns the place behind it. */
static char *stck_put_utf8(char *out, uint32_t code)
{
    if (code < 0x80) {
        *out++ = (char)code;
        return out;
    }
    if (code < 0x800) {
        *out++ = (char)(0xC0 | code >> 6);
    } else {
        if (code < 0x10000) {
            *out++ = (char)(0xE0 | code >> 12);
        } else {
            *out++ = (char)(0xF0 | code >> 18);
            *out++ = (char)(0x80 | (code >> 12 & 0x3F));
        }
        *out++ = (char)(0x80 | (code >> 6 & 0x3F));
    }
    *out++ = (char)(0x80 | (code & 0x3F));
    return out;
}

/* A string, decoded in place, with a NUL behind it. */
static char *stck_string(stck_reader *reader, size_t *length)
{
    stck_expect(reader, '"');
    char *begin = reader->at, *out = reader->at, *at = reader->at;
    while (*at != '"') {
        const char *escapes = "\"\\/bfnrt", *meanings = "\"\\/\b\f\n\r\t", *found;
        if (*at == '\0')
            stck_die("bad request", "a string without an end");
        if (*at != '\\') {
            *out++ = *at++;
        } else if (at[1] == 'u') {
            uint32_t code = stck_hex4(at + 2);
            at += 6;
            if (code >= 0xD800 && code < 0xDC00 && at[0] == '\\' && at[1] == 'u') {
                uint32_t low = stck_hex4(at + 2);
                if (low >= 0xDC00 && low < 0xE000) {
                    code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
                    at += 6;
                }
            }
            out = stck_put_utf8(out, code);
        } else if (at[1] != '\0' && (found = strchr(escapes, at[1])) != NULL) {
            *out++ = meanings[found - escapes];
            at += 2;
        } else {
            stck_die("bad request", "an escape that is none");
        }
    }
    reader->at = at + 1;
    *out = '\0';
    if (length != NULL)
        *length = (size_t)(out - begin);
    return begin;
}

/* An integer, as a number or as a string of digits. */
static uint64_t stck_u64(stck_reader *reader)
{
    bool quoted = stck_peek(reader) == '"';
    const char *digits = quoted ? stck_string(reader, NULL) : reader->at;
    uint64_t value = 0;
    if (*digits < '0' || *digits > '9')
        stck_die("bad request", "no integer");
    for (; *digits >= '0' && *digits <= '9'; digits++) {
        uint64_t digit = (uint64_t)(*digits - '0');
        if (value > (UINT64_MAX - digit) / 10)
            stck_die("bad request", "an integer above 2^64 - 1");
        value = 10 * value + digit;
    }
    if (!quoted)
        reader->at += digits - reader->at;
    else if (*digits != '\0')
        stck_die("bad request", "a string that is no integer");
    return value;
}

/* Goes past a value of any type; returns where it began. */
static char *stck_skip(stck_reader *reader)
{
    char *begin = (stck_peek(reader), reader->at);
    size_t depth = 0;
    do {
        char character = stck_peek(reader);
        if (character == '\0')
            stck_die("bad request", "a value without an end");
        if (character == '"') {
            for (reader->at++; *reader->at != '"'; reader->at++)
                if (*reader->at == '\0' || (*reader->at == '\\' && *++reader->at == '\0'))
                    stck_die("bad request", "a string without an end");
            reader->at++;
        } else if (character == '{' || character == '[') {
            depth++;
            reader->at++;
        } else if (character == '}' || character == ']') {
            if (depth == 0)
                stck_die("bad request", "a value is missing");
            depth--;
            reader->at++;
        } else if (character == ',' || character == ':') {
            if (depth == 0)
                stck_die("bad request", "a value is missing");
            reader->at++;
        } else {
            reader->at += strcspn(reader->at, ",:]}[{\" \t\r");
        }
    } while (depth != 0);
    return begin;
}

static const uint64_t *stck_shape(stck_reader *reader, size_t *rank)
{
    size_t slot = reader->kept_count;
    uint64_t *dims = (uint64_t *)stck_keep(reader, 1, sizeof *dims);
    bool first = true;
    *rank = 0;
    stck_expect(reader, '[');
    while (stck_next(reader, &first, ']')) {
        dims = (uint64_t *)stck_keep_more(reader, slot, *rank, sizeof *dims);
        dims[(*rank)++] = stck_u64(reader);
    }
    return dims;
}

static const stconform_span *stck_spans(stck_reader *reader, size_t *count)
{
    size_t slot = reader->kept_count;
    stconform_span *spans = (stconform_span *)stck_keep(reader, 1, sizeof *spans);
    bool first = true;
    *count = 0;
    stck_expect(reader, '[');
    while (stck_next(reader, &first, ']')) {
        size_t numbers;
        const uint64_t *span = stck_shape(reader, &numbers);
        if (numbers != 3)
            stck_die("bad request", "a slice is start, stop and step");
        spans = (stconform_span *)stck_keep_more(reader, slot, *count, sizeof *spans);
        spans[*count].start = span[0];
        spans[*count].stop = span[1];
        spans[(*count)++].step = span[2];
    }
    return spans;
}

static stconform_array stck_array(stck_reader *reader)
{
    stconform_array array;
    bool first = true;
    memset(&array, 0, sizeof array);
    stck_expect(reader, '{');
    while (stck_next(reader, &first, '}')) {
        const char *key = stck_string(reader, NULL);
        stck_expect(reader, ':');
        if (strcmp(key, "name") == 0) {
            array.name = stck_string(reader, &array.name_length);
        } else if (strcmp(key, "dtype") == 0) {
            array.dtype = stck_string(reader, NULL);
        } else if (strcmp(key, "shape") == 0) {
            array.shape = stck_shape(reader, &array.rank);
        } else if (strcmp(key, "view") == 0) {
            array.view = stck_string(reader, NULL);
        } else if (strcmp(key, "base") == 0) {
            array.base = stck_shape(reader, &array.base_rank);
        } else if (strcmp(key, "hex") == 0) {
            const char *digits = stck_string(reader, &array.size);
            if (array.size % 2 != 0)
                stck_die("bad request", "half a byte");
            array.size /= 2;
            unsigned char *data = (unsigned char *)stck_keep(reader, array.size, 1);
            for (size_t i = 0; i < array.size; i++)
                data[i] = (unsigned char)(stck_hex_digit(digits[2 * i]) << 4 |
                                          stck_hex_digit(digits[2 * i + 1]));
            array.data = data;
        } else {
            stck_skip(reader);
        }
    }
    if (array.name == NULL || array.dtype == NULL || array.shape == NULL || array.data == NULL ||
        (array.view == NULL) != (array.base == NULL))
        stck_die("bad request", "a tensor lacks a field");
    return array;
}

static const stconform_array *stck_arrays(stck_reader *reader, size_t *count)
{
    size_t slot = reader->kept_count;
    stconform_array *arrays = (stconform_array *)stck_keep(reader, 1, sizeof *arrays);
    bool first = true;
    *count = 0;
    stck_expect(reader, '[');
    while (stck_next(reader, &first, ']')) {
        arrays = (stconform_array *)stck_keep_more(reader, slot, *count, sizeof *arrays);
        arrays[*count] = stck_array(reader);
        ++*count;
    }
    return arrays;
}

static const stconform_pair *stck_pairs(stck_reader *reader, size_t *count)
{
    size_t slot = reader->kept_count;
    stconform_pair *pairs;
    bool first = true;
    *count = 0;
    if (stck_peek(reader) == 'n') {
        stck_skip(reader);
        return NULL;
    }
    pairs = (stconform_pair *)stck_keep(reader, 1, sizeof *pairs);
    stck_expect(reader, '{');
    while (stck_next(reader, &first, '}')) {
        stconform_pair pair;
        pair.key = stck_string(reader, &pair.key_length);
        stck_expect(reader, ':');
        pair.is_string = stck_peek(reader) == '"';
        if (pair.is_string) {
            pair.value = stck_string(reader, &pair.value_length);
        } else {
            const char *raw = stck_skip(reader);
            pair.value_length = (size_t)(reader->at - raw);
            char *copy = (char *)stck_keep(reader, pair.value_length + 1, 1);
            memcpy(copy, raw, pair.value_length);
            copy[pair.value_length] = '\0';
            pair.value = copy;
        }
        pairs = (stconform_pair *)stck_keep_more(reader, slot, *count, sizeof *pairs);
        pairs[(*count)++] = pair;
    }
    return pairs;
}

/* Reads a request; `seq` gets the text of its number, to be echoed as it came. */
static stconform_request stck_request(stck_reader *reader, stck_text *seq)
{
    stconform_request request;
    bool first = true;
    memset(&request, 0, sizeof request);
    seq->length = 0;
    stck_expect(reader, '{');
    while (stck_next(reader, &first, '}')) {
        const char *key = stck_string(reader, NULL);
        stck_expect(reader, ':');
        if (strcmp(key, "seq") == 0) {
            const char *raw = stck_skip(reader);
            stck_add(seq, raw, (size_t)(reader->at - raw));
        } else if (strcmp(key, "op") == 0) {
            request.op = stck_string(reader, NULL);
        } else if (strcmp(key, "path") == 0) {
            request.path = stck_string(reader, NULL);
        } else if (strcmp(key, "to") == 0) {
            request.to = stck_string(reader, NULL);
        } else if (strcmp(key, "access") == 0) {
            request.access = stck_string(reader, NULL);
        } else if (strcmp(key, "tensor") == 0) {
            request.tensor = stck_string(reader, &request.tensor_length);
        } else if (strcmp(key, "slices") == 0) {
            request.slices = stck_spans(reader, &request.slice_count);
        } else if (strcmp(key, "tensors") == 0) {
            request.tensors = stck_arrays(reader, &request.tensor_count);
        } else if (strcmp(key, "metadata") == 0) {
            request.metadata = stck_pairs(reader, &request.metadata_count);
        } else {
            stck_skip(reader);
        }
    }
    if (stck_peek(reader) != '\0')
        stck_die("bad request", "something stands behind the object");
    if (seq->length == 0 || request.op == NULL || request.path == NULL)
        stck_die("bad request", "it has no seq, no op or no path");
    if (strcmp(request.op, "slice") == 0 && (request.tensor == NULL || request.slices == NULL))
        stck_die("bad request", "a slice without tensor or slices");
    if (strcmp(request.op, "write") == 0 && request.tensors == NULL)
        stck_die("bad request", "a write without tensors");
    if (strcmp(request.op, "rewrite") == 0 && request.to == NULL)
        stck_die("bad request", "a rewrite that leads nowhere");
    return request;
}

/* Reads a line without its line feed; false at the end of the input. */
static bool stck_line(stck_text *line)
{
    int byte;
    line->length = 0;
    while ((byte = getc(stdin)) != EOF && byte != '\n') {
        char character = (char)byte;
        if (byte == 0)
            stck_die("bad request", "a zero byte");
        stck_add(line, &character, 1);
    }
    if (ferror(stdin))
        stck_die("cannot read standard input", strerror(errno));
    if (byte == EOF && line->length == 0)
        return false;
    stck_add(line, "", 1);
    return true;
}

/* ---- Replies ------------------------------------------------------------------------------- */

/* Where a pair of the metadata stands in the bytes that were handed over. */
typedef struct stck_member {
    size_t at, key_length, value_length;
} stck_member;

struct stconform_reply {
    const char *op;
    stck_text tensors; /* the elements that are done */
    size_t tensor_count;
    bool open;                 /* a tensor is under way, of which the next six are */
    stck_text head;            /* its name and dtype */
    stck_text shape, values;   /* their elements, each with a comma behind it */
    bool has_data, has_values; /* what was handed over */
    stck_sha256 sha;
    unsigned char start[STCK_SHORT]; /* its first bytes */
    stck_text metadata;              /* the bytes of all pairs */
    stck_member *members;
    size_t member_count;
    stck_text other;          /* why it is no reading, if it is none */
    stck_text message, extra; /* of a refusal: its message and its category */
    bool answered;
};

static bool stck_is_op(const stconform_reply *reply, const char *op)
{
    return strcmp(reply->op, op) == 0;
}

/* Sets what the reading is in place of a reading; the first time counts. */
static void stck_set_other(stconform_reply *reply, const char *words)
{
    if (reply->other.length == 0)
        stck_add_c_string(&reply->other, words);
}

/* A list of elements with a comma behind each, as JSON. */
static void stck_add_list(stck_text *text, const stck_text *elements)
{
    stck_add_raw(text, "[");
    stck_add(text, elements->bytes, elements->length == 0 ? 0 : elements->length - 1);
    stck_add_raw(text, "]");
}

static void stck_end_tensor(stconform_reply *reply)
{
    stck_text *text = &reply->tensors;
    if (!reply->open)
        return;
    if (stck_is_op(reply, "header") && (reply->has_data || reply->has_values))
        stck_die("a tensor with data or values in the reply to", reply->op);
    if (!stck_is_op(reply, "header") && !reply->has_data && !reply->has_values)
        stck_die("a tensor without data or values in the reply to", reply->op);
    if (reply->tensor_count++ != 0)
        stck_add_raw(text, ",");
    stck_add(text, reply->head.bytes, reply->head.length);
    stck_add_raw(text, ",\"shape\":");
    stck_add_list(text, &reply->shape);
    if (reply->has_data && reply->sha.length <= STCK_SHORT) {
        stck_add_raw(text, ",\"hex\":");
        stck_add_hex(text, reply->start, (size_t)reply->sha.length);
    } else if (reply->has_data) {
        unsigned char digest[32];
        stck_sha256_end(&reply->sha, digest);
        stck_add_raw(text, ",\"sha256\":");
        stck_add_hex(text, digest, sizeof digest);
    }
    if (reply->has_values) {
        stck_add_raw(text, ",\"values\":");
        stck_add_list(text, &reply->values);
    }
    stck_add_raw(text, "}");
    reply->open = false;
}

static stconform_reply *stck_open(stconform_reply *reply)
{
    if (!reply->open)
        stck_die("stconform_tensor comes first", NULL);
    return reply;
}

void stconform_tensor(stconform_reply *reply, const char *name, size_t name_length,
                      const char *dtype)
{
    stck_end_tensor(reply);
    reply->open = true;
    reply->head.length = reply->shape.length = reply->values.length = 0;
    reply->has_data = reply->has_values = false;
    stck_sha256_begin(&reply->sha);
    if (stck_is_utf8(name, name_length)) {
        stck_add_raw(&reply->head, "{\"name\":");
        stck_add_string(&reply->head, name, name_length);
    } else {
        stck_add_raw(&reply->head, "{\"name_hex\":");
        stck_add_hex(&reply->head, (const unsigned char *)name, name_length);
    }
    if (dtype == NULL || !stck_is_utf8(dtype, strlen(dtype)))
        stck_set_other(reply, "a dtype that is no text");
    stck_add_raw(&reply->head, ",\"dtype\":");
    stck_add_c_string(&reply->head, dtype);
}

void stconform_dim(stconform_reply *reply, uint64_t dim)
{
    stck_add_u64(&stck_open(reply)->shape, dim);
    stck_add_raw(&reply->shape, ",");
}

void stconform_signed_dim(stconform_reply *reply, int64_t dim)
{
    char words[64];
    if (dim < 0) {
        snprintf(words, sizeof words, "a dimension of %lld", (long long)dim);
        stck_set_other(reply, words);
    } else {
        stconform_dim(reply, (uint64_t)dim);
    }
}

void stconform_data(stconform_reply *reply, const void *data, size_t size)
{
    stck_sha256 *sha = &stck_open(reply)->sha;
    reply->has_data = true;
    if (size != 0 && sha->length < STCK_SHORT) {
        size_t room = STCK_SHORT - (size_t)sha->length;
        memcpy(reply->start + sha->length, data, size < room ? size : room);
    }
    stck_sha256_add(sha, (const unsigned char *)data, size);
}

void stconform_values(stconform_reply *reply)
{
    stck_open(reply)->has_values = true;
}

/* A float without quotes around it; whatever the locale has for a point becomes one. */
static void stck_add_float(stck_text *text, double value)
{
    char digits[64];
    if (isnan(value)) {
        stck_add_raw(text, "nan");
    } else if (isinf(value)) {
        stck_add_raw(text, value < 0 ? "-inf" : "inf");
    } else {
        size_t length = 0;
        snprintf(digits, sizeof digits, "%.17g", value);
        for (const char *from = digits; *from != '\0'; from++)
            if (strchr("0123456789+-e", *from) != NULL)
                digits[length++] = *from;
            else if (length != 0 && digits[length - 1] != '.')
                digits[length++] = '.';
        stck_add(text, digits, length);
    }
}

void stconform_float(stconform_reply *reply, double value)
{
    stconform_values(reply);
    stck_add_raw(&reply->values, "\"");
    stck_add_float(&reply->values, value);
    stck_add_raw(&reply->values, "\",");
}

void stconform_complex(stconform_reply *reply, double real, double imaginary)
{
    stconform_values(reply);
    stck_add_raw(&reply->values, "\"");
    stck_add_float(&reply->values, real);
    stck_add_raw(&reply->values, " ");
    stck_add_float(&reply->values, imaginary);
    stck_add_raw(&reply->values, "\",");
}

void stconform_int(stconform_reply *reply, int64_t value)
{
    char digits[32];
    stconform_values(reply);
    snprintf(digits, sizeof digits, "\"%lld\",", (long long)value);
    stck_add_raw(&reply->values, digits);
}

void stconform_uint(stconform_reply *reply, uint64_t value)
{
    stconform_values(reply);
    stck_add_u64(&reply->values, value);
    stck_add_raw(&reply->values, ",");
}

void stconform_metadata(stconform_reply *reply, const char *key, size_t key_length,
                        const char *value, size_t value_length)
{
    size_t count = reply->member_count;
    if ((count & (count - 1)) == 0)
        reply->members = (stck_member *)stck_resize(reply->members, count == 0 ? 1 : 2 * count,
                                                    sizeof *reply->members);
    reply->members[count].at = reply->metadata.length;
    reply->members[count].key_length = key_length;
    reply->members[count].value_length = value_length;
    reply->member_count++;
    stck_add(&reply->metadata, key, key_length);
    stck_add(&reply->metadata, value, value_length);
}

stconform_outcome stconform_accept(stconform_reply *reply)
{
    reply->answered = true;
    return STCONFORM_ACCEPTED;
}

stconform_outcome stconform_other(stconform_reply *reply, const char *words)
{
    stck_set_other(reply, words);
    return stconform_accept(reply);
}

stconform_outcome stconform_refuse(stconform_reply *reply, const char *message,
                                   const char *category)
{
    reply->answered = true;
    stck_add_c_string(&reply->message, message);
    if (category != NULL)
        stck_add_c_string(&reply->extra, category);
    return STCONFORM_REFUSED;
}

stconform_outcome stconform_unsupported(stconform_reply *reply, const char *reason)
{
    reply->answered = true;
    stck_add_c_string(&reply->message, reason);
    return STCONFORM_UNSUPPORTED;
}

/* For qsort: the bytes of the metadata, and one key of it. */
typedef struct stck_key {
    const char *bytes;
    size_t length;
} stck_key;

static int stck_compare_keys(const void *left, const void *right)
{
    const stck_key *a = (const stck_key *)left, *b = (const stck_key *)right;
    if (a->length != b->length)
        return a->length < b->length ? -1 : 1;
    return memcmp(a->bytes, b->bytes, a->length);
}

/* Metadata with one key twice cannot be said in a reply. */
static void stck_find_twins(stconform_reply *reply)
{
    stck_key *keys = (stck_key *)stck_resize(NULL, reply->member_count, sizeof *keys);
    for (size_t i = 0; i < reply->member_count; i++) {
        keys[i].bytes = reply->metadata.bytes + reply->members[i].at;
        keys[i].length = reply->members[i].key_length;
    }
    qsort(keys, reply->member_count, sizeof *keys, stck_compare_keys);
    for (size_t i = 1; i < reply->member_count; i++)
        if (stck_compare_keys(&keys[i - 1], &keys[i]) == 0)
            stck_set_other(reply, "metadata with one key twice");
    free(keys);
}

/* The metadata as an object, or as `metadata_hex` if some of it is not UTF-8. */
static void stck_add_metadata(stck_text *line, const stconform_reply *reply)
{
    bool text = true;
    for (size_t i = 0; i < reply->member_count; i++) {
        const stck_member *member = &reply->members[i];
        const char *key = reply->metadata.bytes + member->at;
        if (!stck_is_utf8(key, member->key_length) ||
            !stck_is_utf8(key + member->key_length, member->value_length))
            text = false;
    }
    if (reply->member_count == 0) {
        stck_add_raw(line, ",\"metadata\":null");
        return;
    }
    stck_add_raw(line, text ? ",\"metadata\":{" : ",\"metadata_hex\":[");
    for (size_t i = 0; i < reply->member_count; i++) {
        const stck_member *member = &reply->members[i];
        const char *key = reply->metadata.bytes + member->at, *value = key + member->key_length;
        if (i != 0)
            stck_add_raw(line, ",");
        if (text) {
            stck_add_string(line, key, member->key_length);
            stck_add_raw(line, ":");
            stck_add_string(line, value, member->value_length);
        } else {
            stck_add_raw(line, "[");
            stck_add_hex(line, (const unsigned char *)key, member->key_length);
            stck_add_raw(line, ",");
            stck_add_hex(line, (const unsigned char *)value, member->value_length);
            stck_add_raw(line, "]");
        }
    }
    stck_add_raw(line, text ? "}" : "]");
}

/* What stands behind "accepted". */
static void stck_add_accepted(stck_text *line, stconform_reply *reply)
{
    bool writes = stck_is_op(reply, "write") || stck_is_op(reply, "rewrite"),
         slice = stck_is_op(reply, "slice");
    if (reply->other.length == 0)
        stck_end_tensor(reply);
    stck_find_twins(reply);
    if (writes && (reply->tensor_count != 0 || reply->member_count != 0))
        stck_die("a reading in the reply to", reply->op);
    if (reply->other.length != 0) {
        stck_add_raw(line, "{\"other\":");
        stck_add(line, reply->other.bytes, reply->other.length);
        stck_add_raw(line, "}");
    } else if (writes) {
        stck_add_raw(line, "{}");
    } else {
        if (slice && (reply->tensor_count != 1 || reply->member_count != 0))
            stck_die("a slice is one tensor and no metadata", NULL);
        stck_add_raw(line, "{\"tensors\":[");
        stck_add(line, reply->tensors.bytes, reply->tensors.length);
        stck_add_raw(line, "]");
        if (!slice)
            stck_add_metadata(line, reply);
        stck_add_raw(line, "}");
    }
}

static void stck_add_reply(stck_text *line, stconform_reply *reply, stconform_outcome outcome)
{
    if (!reply->answered)
        stck_die("the function returned what is no outcome of the kit for", reply->op);
    if (outcome == STCONFORM_ACCEPTED) {
        stck_add_raw(line, ",\"accepted\":");
        stck_add_accepted(line, reply);
        return;
    }
    stck_add_raw(line, outcome == STCONFORM_REFUSED ? ",\"refused\":" : ",\"unsupported\":");
    stck_add(line, reply->message.bytes, reply->message.length);
    if (reply->extra.length != 0) {
        stck_add_raw(line, ",\"category\":");
        stck_add(line, reply->extra.bytes, reply->extra.length);
    }
}

static void stck_free_reply(stconform_reply *reply)
{
    free(reply->tensors.bytes);
    free(reply->head.bytes);
    free(reply->shape.bytes);
    free(reply->values.bytes);
    free(reply->metadata.bytes);
    free(reply->members);
    free(reply->other.bytes);
    free(reply->message.bytes);
    free(reply->extra.bytes);
}

/* ---- The conversation ---------------------------------------------------------------------- */

/* Adds `,"field":` and the words of a list. */
static void stck_add_words(stck_text *line, const char *field, const char *words)
{
    const char *separator = "";
    stck_add_raw(line, ",");
    stck_add_c_string(line, field);
    stck_add_raw(line, ":[");
    for (words = words == NULL ? "" : words; *(words += strspn(words, " ")) != '\0';
         separator = ",") {
        size_t length = strcspn(words, " ");
        stck_add_raw(line, separator);
        stck_add_string(line, words, length);
        words += length;
    }
    stck_add_raw(line, "]");
}

static void stck_add_field(stck_text *line, const char *field, const char *value)
{
    stck_add_raw(line, ",");
    stck_add_c_string(line, field);
    stck_add_raw(line, ":");
    stck_add_c_string(line, value);
}

/* The function for an operation, or NULL. */
static stconform_operation stck_function(const stconform_adapter *adapter, const char *op)
{
    return strcmp(op, "read") == 0         ? adapter->read
           : strcmp(op, "header") == 0     ? adapter->header
           : strcmp(op, "slice") == 0      ? adapter->slice
           : strcmp(op, "write") == 0      ? adapter->write
           : strcmp(op, "rewrite") == 0    ? adapter->rewrite
           : strcmp(op, "read-index") == 0 ? adapter->read_index
                                           : NULL;
}

static void stck_add_hello(stck_text *line, const stconform_adapter *adapter)
{
    static const char *const ops[] = {"read", "header", "slice", "write", "rewrite", "read-index"};
    const size_t most = sizeof adapter->limits / sizeof adapter->limits[0];
    stck_text words = {NULL, 0, 0};
#ifdef __cplusplus
    const char *language = "C++";
#else
    const char *language = "C";
#endif
    if (adapter->name == NULL || adapter->version == NULL)
        stck_die("an adapter has a name and a version", NULL);
    stck_add_raw(line, "{\"protocol\":1");
    stck_add_field(line, "name", adapter->name);
    stck_add_field(line, "version", adapter->version);
    stck_add_field(line, "language", adapter->language == NULL ? language : adapter->language);
    if (adapter->build != NULL)
        stck_add_field(line, "build", adapter->build);
    if (adapter->source != NULL)
        stck_add_field(line, "source", adapter->source);
    for (size_t i = 0; i < sizeof ops / sizeof ops[0]; i++)
        if (stck_function(adapter, ops[i]) != NULL) {
            stck_add_raw(&words, ops[i]);
            stck_add_raw(&words, " ");
        }
    stck_add(&words, "", 1);
    stck_add_words(line, "operations", words.bytes);
    free(words.bytes);
    if (adapter->access != NULL)
        stck_add_words(line, "access", adapter->access);
    stck_add_words(line, "leniencies", adapter->leniencies);
    stck_add_raw(line, ",\"limits\":{");
    for (size_t i = 0; i < most && adapter->limits[i].name != NULL; i++) {
        if (i != 0)
            stck_add_raw(line, ",");
        stck_add_c_string(line, adapter->limits[i].name);
        stck_add_raw(line, ":");
        stck_add_u64(line, adapter->limits[i].value);
    }
    if (adapter->dtypes != NULL) {
        stck_text list = {NULL, 0, 0};
        stck_add_words(&list, "dtype", adapter->dtypes);
        size_t comma = adapter->limits[0].name == NULL ? 1 : 0;
        stck_add(line, list.bytes + comma, list.length - comma);
        free(list.bytes);
    }
    stck_add_raw(line, "}");
    if (adapter->write_dtypes != NULL)
        stck_add_words(line, "write_dtypes", adapter->write_dtypes);
    if (adapter->claims != NULL)
        stck_add_words(line, "claims", adapter->claims);
    stck_add_raw(line, "}");
}

/* Calls the function. In C++, an exception that leaves it is told on standard error, and is the
 * end: the adapter did not say that it is a refusal. */
static stconform_outcome stck_call(stconform_operation function, const stconform_request *request,
                                   stconform_reply *reply)
{
#ifdef __cplusplus
    try {
        return function(request, reply);
    } catch (const std::exception &exception) {
        fprintf(stderr, "stconform_kit: `%s` of %s threw %s\n", request->op, request->path,
                typeid(exception).name());
        stck_die("it says", exception.what());
    } catch (...) {
        fprintf(stderr, "stconform_kit: `%s` of %s\n", request->op, request->path);
        stck_die("it threw something that is no std::exception", NULL);
    }
    return STCONFORM_REFUSED;
#else
    return function(request, reply);
#endif
}

static void stck_answer(stck_text *line, const stconform_adapter *adapter,
                        const stconform_request *request, const stck_text *seq)
{
    stconform_operation function = stck_function(adapter, request->op);
    stconform_reply reply;
    stconform_outcome outcome;
    memset(&reply, 0, sizeof reply);
    reply.op = request->op;
    if (function == NULL)
        outcome = stconform_unsupported(&reply, "the adapter has no function for this operation");
    else
        outcome = stck_call(function, request, &reply);
    stck_add_raw(line, "{\"seq\":");
    stck_add(line, seq->bytes, seq->length);
    stck_add_reply(line, &reply, outcome);
    stck_add_raw(line, "}");
    stck_free_reply(&reply);
}

static void stck_send(int descriptor, stck_text *line)
{
    stck_add_raw(line, "\n");
    for (size_t sent = 0; sent < line->length;) {
        ssize_t count = write(descriptor, line->bytes + sent, line->length - sent);
        if (count >= 0)
            sent += (size_t)count;
        else if (errno != EINTR)
            stck_die("cannot write a reply", strerror(errno));
    }
    line->length = 0;
}

int stconform_serve(const stconform_adapter *adapter)
{
    stck_text input = {NULL, 0, 0}, output = {NULL, 0, 0}, seq = {NULL, 0, 0};
    fflush(stdout);
    int replies = dup(STDOUT_FILENO);
    if (replies < 0 || dup2(STDERR_FILENO, STDOUT_FILENO) < 0)
        stck_die("cannot move descriptor 1", strerror(errno));
    stck_add_hello(&output, adapter);
    stck_send(replies, &output);
    while (stck_line(&input)) {
        stck_reader reader = {input.bytes, NULL, 0};
        stconform_request request = stck_request(&reader, &seq);
        stck_answer(&output, adapter, &request, &seq);
        stck_send(replies, &output);
        for (size_t i = 0; i < reader.kept_count; i++)
            free(reader.kept[i]);
        free(reader.kept);
    }
    free(input.bytes);
    free(output.bytes);
    free(seq.bytes);
    close(replies);
    return 0;
}

#endif /* STCONFORM_KIT_IMPLEMENTATION */
