//! The one table of rules: id, level, subject, the format version a rule came with, its sentence
//! and, for what a file can break, how to repair the file.
//!
//! The order of the rows is the order in which a file's faults are told: the first rule that a
//! file breaks is the first row that it breaks. `spec/safetensors.md` carries the same rows with
//! the reason and the source of each; a test holds the two against each other. No check lives
//! here; see [`crate::examine`].

use crate::version::Version;
use std::fmt;
use std::str::FromStr;

/// How binding a rule is, in the words of RFC 2119 and RFC 8174.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// An absolute requirement or prohibition: MUST, MUST NOT.
    Must,
    /// A recommendation: SHOULD, SHOULD NOT.
    Should,
    /// A permission: MAY. What one side may write, the other has to read.
    May,
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Must => "MUST",
            Self::Should => "SHOULD",
            Self::May => "MAY",
        })
    }
}

/// What a rule binds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// The bytes of one file.
    File,
    /// A program that reads files.
    Reader,
    /// A program that writes files.
    Writer,
    /// The index of a sharded model, together with its shards.
    Index,
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::File => "file",
            Self::Reader => "reader",
            Self::Writer => "writer",
            Self::Index => "index",
        })
    }
}

/// One row of the rule table.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// The permanent id; never reused, never renumbered.
    pub id: RuleId,
    /// How binding the rule is.
    pub level: Level,
    /// What the rule binds.
    pub subject: Subject,
    /// The lowest format version in which the rule holds.
    pub since: Version,
    /// The rule itself: one sentence that a test can decide.
    pub sentence: &'static str,
    /// How the owner of a file, or of a sharded model, that breaks the rule gets a valid one;
    /// `None` where neither can break it.
    pub repair: Option<&'static str>,
}

/// An id that is not in the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownRule(pub String);

impl fmt::Display for UnknownRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "there is no rule `{}`", self.0)
    }
}

impl std::error::Error for UnknownRule {}

macro_rules! repair {
    () => {
        None
    };
    ($text:literal) => {
        Some($text)
    };
}

macro_rules! rules {
    ($($variant:ident $id:literal $level:ident $subject:ident $since:ident $sentence:literal
        $(repair $repair:literal)?;)*) => {
        /// The permanent id of a rule, in the order of the table.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum RuleId {
            $(#[doc = $sentence] $variant,)*
        }

        impl RuleId {
            /// The id as the text of the spec spells it.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $id,)*
                }
            }

            /// The row of the table.
            #[must_use]
            pub const fn rule(self) -> Rule {
                match self {
                    $(Self::$variant => Rule {
                        id: Self::$variant,
                        level: Level::$level,
                        subject: Subject::$subject,
                        since: Version::$since,
                        sentence: $sentence,
                        repair: repair!($($repair)?),
                    },)*
                }
            }
        }

        /// Every rule, in the order in which faults are told.
        pub static RULES: &[Rule] = &[$(RuleId::$variant.rule(),)*];
    };
}

impl fmt::Display for RuleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for RuleId {
    type Err = UnknownRule;

    fn from_str(text: &str) -> Result<Self, UnknownRule> {
        RULES
            .iter()
            .map(|rule| rule.id)
            .find(|id| id.as_str().eq_ignore_ascii_case(text))
            .ok_or_else(|| UnknownRule(text.to_owned()))
    }
}

/// The rules that a sharded model is judged by: subject index, level MUST or SHOULD.
pub fn index_rules() -> impl Iterator<Item = &'static Rule> {
    RULES.iter().filter(|rule| rule.subject == Subject::Index && rule.level != Level::May)
}

/// The rules that a file can break and that make it invalid: level MUST, subject file.
pub fn file_musts() -> impl Iterator<Item = &'static Rule> {
    RULES.iter().filter(|rule| rule.level == Level::Must && rule.subject == Subject::File)
}

rules! {
    // Framing.
    Len1 "LEN-1" Must File V1_0 "A file MUST be at least 8 bytes long."
        repair "the file is cut off or is something else; fetch or write it again";
    Len2 "LEN-2" Must File V1_0 "The first 8 bytes of a file are N, an unsigned little-endian integer, and N MUST be at most 100,000,000."
        repair "the file is something else (a web page, an archive, a pointer to the real file), or N is not little-endian; if the header really is this long, split the model into shards";
    Len3 "LEN-3" Must File V1_0 "The N bytes of header text after the first 8 bytes MUST lie within the file."
        repair "the file is cut off inside its header, or N is wrong; fetch or write it again";
    Len4 "LEN-4" Must Reader V1_0 "A reader MUST compare N with the number of bytes that follow the first 8, without forming a sum that can wrap.";

    // Header text.
    Txt1 "TXT-1" Must File V1_0 "The first byte of the header text MUST be 0x7B (`{`)."
        repair "write the header's object at the first byte of the header text, and padding only after it";
    Txt2 "TXT-2" Must File V1_0 "The header text MUST be well-formed UTF-8."
        repair "write names and metadata as UTF-8, without a byte order mark and without lone surrogates";
    Json1 "JSON-1" Must File V1_0 "From its first byte, the header text MUST hold one object of the grammar of RFC 8259."
        repair "write the header with a JSON library: no comments, trailing commas, single quotes or NaN; if the text ends too early, N is too small or the file was cut";
    Json2 "JSON-2" Must File V1_0 "A string MUST NOT hold an unescaped control character (U+0000 to U+001F)."
        repair "escape the character, as `\\n` or `\\u000a`";
    Json3 "JSON-3" Must File V1_0 "A reverse solidus in a string MUST begin one of the escapes of RFC 8259."
        repair "use only the escapes `\\\"` `\\\\` `\\/` `\\b` `\\f` `\\n` `\\r` `\\t` and `\\uXXXX`";
    Json4 "JSON-4" Must File V1_0 "An escaped surrogate MUST be one of a pair: a high surrogate directly followed by an escaped low surrogate."
        repair "write the whole character; a lone surrogate stands for no character";
    Json5 "JSON-5" Must File V1_0 "A number MUST match the production `number` of RFC 8259."
        repair "write the number without leading zeros or a plus sign, and with digits on both sides of a point; there is no NaN and no Infinity";
    Json6 "JSON-6" May File V1_0 "Space, tab, line feed and carriage return MAY stand between the tokens of the object.";
    Json7 "JSON-7" May File V1_0 "Any character of any string MAY be spelled as an escape; a string is the sequence of code points that it denotes.";
    Pad1 "PAD-1" Must File V1_0 "Every byte of the header text after its object MUST be 0x20."
        repair "pad the header with spaces (0x20) only, and count them in N";

    // Names and metadata.
    Name1 "NAME-1" Must File V1_0 "Two tensors MUST NOT have the same name, compared code point by code point after unescaping."
        repair "find out which of the two tensors is meant, rename or drop the other, and write the file again";
    Name2 "NAME-2" May File V1_0 "Any string except `__metadata__` MAY name a tensor: the empty string, control characters and U+0000 included.";
    Name3 "NAME-3" Must Reader V1_0 "A reader MUST take the member named `__metadata__` after unescaping, and no other, as metadata.";
    Name4 "NAME-4" Must Reader V1_0 "A reader MUST NOT normalise, fold, trim, repair or cut names: names are equal only if their code points are.";
    Meta1 "META-1" Must File V1_0 "The member `__metadata__` MUST occur at most once."
        repair "merge the two objects into one `__metadata__`";
    Meta2 "META-2" Must File V1_0 "The value of `__metadata__` MUST be an object."
        repair "write `__metadata__` as an object of strings, or leave it out; a tensor cannot have this name";
    Meta3 "META-3" Must File V1_0 "Every value in `__metadata__` MUST be a string."
        repair "write each metadata value as a string; put structured values into a string as JSON text";
    Meta4 "META-4" Must File V1_0 "Two keys in `__metadata__` MUST NOT be the same, compared code point by code point after unescaping."
        repair "keep one of the two values";
    Meta5 "META-5" Must Reader V1_0 "A reader MUST read an absent `__metadata__` and an empty one as the same: no metadata.";
    Meta6 "META-6" Must Reader V1_0 "A reader MUST NOT give a meaning to the order of metadata keys, nor refuse a file for the keys that are there or missing.";

    // Entries.
    Ent1 "ENT-1" Must File V1_0 "The value of every member except `__metadata__` MUST be an object, the entry of the tensor with that name."
        repair "write the entry as {\"dtype\":…,\"shape\":[…],\"data_offsets\":[BEGIN,END]}";
    Ent2 "ENT-2" Must File V1_0 "An entry MUST have the fields `dtype`, `shape` and `data_offsets`."
        repair "add the missing field; field names are exact, and `offsets` is not one of them";
    Ent3 "ENT-3" Must File V1_0 "The fields `dtype`, `shape` and `data_offsets` MUST NOT occur twice in an entry."
        repair "keep the field that is meant";
    Ent4 "ENT-4" Must File V1_0 "An entry MUST NOT have any other field."
        repair "drop the field, or move what it says into `__metadata__` as a string";
    Ent5 "ENT-5" May File V1_0 "The fields of an entry MAY stand in any order.";
    Dt1 "DT-1" Must File V1_0 "The value of `dtype` MUST be a string."
        repair "write the dtype as a string, such as \"F32\"";
    Dt2 "DT-2" Must File V1_0 "The string `dtype`, unescaped, MUST be a name of the dtype table in the vocabulary of the format version, to the letter."
        repair "use a name of the dtype table, in upper case; a newer dtype needs a newer format version";
    Shp1 "SHP-1" Must File V1_0 "The value of `shape` MUST be an array."
        repair "write the shape as an array of integers; a scalar has the shape []";
    Shp2 "SHP-2" May File V1_0 "A shape MAY have any number of dimensions, none included, and any dimension MAY be 0.";
    Off1 "OFF-1" Must File V1_0 "The value of `data_offsets` MUST be an array."
        repair "write the offsets as [BEGIN,END], counted in bytes from the start of the data buffer";
    Off2 "OFF-2" Must File V1_0 "The array `data_offsets` MUST have exactly 2 elements, BEGIN and END."
        repair "write the offsets as [BEGIN,END], counted in bytes from the start of the data buffer";
    Int1 "INT-1" Must File V1_0 "Every element of `shape` and of `data_offsets` MUST be a number."
        repair "write the element as an integer, without quotes";
    Int2 "INT-2" Must File V1_0 "Every number in `shape` and in `data_offsets` MUST be spelled `0`, or as digits of which the first is not 0."
        repair "write the number in digits alone: no sign, no point, no exponent";
    Int3 "INT-3" Must File V1_0 "Every integer in `shape` and in `data_offsets` MUST be at most 2^64 - 1."
        repair "no tensor has such a size; find the arithmetic that overflowed in the writer";
    Off3 "OFF-3" Must File V1_0 "BEGIN MUST be at most END."
        repair "write the position of the first byte, then the position after the last";

    // Sizes.
    Size1 "SIZE-1" Must File V1_0 "The product of the dimensions that are not 0 and of the width of the dtype in bits MUST be below 2^64."
        repair "no tensor has such a size; find the arithmetic that overflowed in the writer";
    Size2 "SIZE-2" Must File V1_2 "The width of the dtype in bits times the number of elements MUST be a multiple of 8."
        repair "pad a dimension so that the elements fill whole bytes";
    Size3 "SIZE-3" Must File V1_0 "END - BEGIN MUST be the width of the dtype in bits times the number of elements, divided by 8."
        repair "make shape, dtype and offsets agree with the data that is there";

    // Layout.
    Lay1 "LAY-1" Must File V1_0 "An END MUST NOT be greater than the length of the data buffer."
        repair "the file is cut off, or the offsets are wrong; fetch or write it again";
    Lay2 "LAY-2" Must File V1_0 "A byte of the data buffer MUST NOT belong to two tensors."
        repair "give each tensor bytes of its own";
    Lay3 "LAY-3" Must File V1_0 "A tensor with BEGIN equal to END MUST NOT stand strictly between the BEGIN and the END of another tensor."
        repair "set both of its offsets to the start or the end of a neighbour";
    Lay4 "LAY-4" Must File V1_0 "Every byte of the data buffer before the greatest END MUST belong to a tensor."
        repair "write the tensors back to back, the first at 0; for alignment, pad the header instead";
    Lay5 "LAY-5" Must File V1_0 "The data buffer MUST NOT go on after the greatest END, or have any byte if there is no tensor."
        repair "if the entry of a tensor is missing, add it; otherwise cut the file after the last tensor";
    Lay6 "LAY-6" May File V1_0 "The order of entries in the header MAY differ from the order of their offsets.";
    Aln1 "ALN-1" Should Writer V1_0 "A writer SHOULD pad the header text so that 8 + N is a multiple of 8."
        repair "pad the header with spaces until N is a multiple of 8";
    Aln2 "ALN-2" Should Writer V1_0 "A writer SHOULD place every tensor so that 8 + N + BEGIN is a multiple of the alignment of its dtype."
        repair "order the tensors by descending alignment of their dtypes, after a header padded to 8";

    // Values.
    Val1 "VAL-1" Must Reader V1_0 "A reader MUST take the elements of a tensor as contiguous from BEGIN on, in row-major order: the last dimension varies fastest.";
    Val2 "VAL-2" Must Reader V1_0 "A reader MUST take each number of 16 bits or more in little-endian byte order, whatever the host's order is.";
    Val3 "VAL-3" Must Reader V1_3 "A reader MUST take a C64 element as its real part followed by its imaginary part, each as an F32.";
    Val4 "VAL-4" Must Reader V1_2 "A reader MUST take element 2i of an F4 tensor from the low 4 bits of byte i, and element 2i + 1 from the high 4 bits.";
    Val5 "VAL-5" Must Reader V1_2 "A reader MUST take element k of an F6_E2M3 or F6_E3M2 tensor from bits 6k to 6k + 5 of the tensor's bytes, where bit b is bit b mod 8, from the least significant, of byte b div 8 (provisional).";
    Val6 "VAL-6" Must Reader V1_0 "A reader MUST NOT refuse a file for the values of its elements.";
    Val7 "VAL-7" Must Reader V1_0 "A reader MUST hand on the bytes of each tensor unchanged, NaN payloads and the signs of zeros included.";
    Val8 "VAL-8" Should Reader V1_0 "A reader SHOULD take every BOOL byte other than 0x00 as true.";
    Val9 "VAL-9" Must Writer V1_0 "A writer MUST write a BOOL element as 0x00 or 0x01.";

    // What readers do.
    Rd1 "RD-1" Must Reader V1_0 "A reader MUST accept every file that is valid in its format version, with exactly the names, dtypes, shapes, bytes and metadata that are in it, unless it declares a limit that the file exceeds.";
    Rd2 "RD-2" Must Reader V1_0 "A reader MUST refuse every file that is not valid in its format version, unless it declares a leniency that covers the fault.";
    Rd3 "RD-3" Must Reader V1_0 "A reader MUST decide on a file as a whole, from its header and its length, before it hands out any tensor.";
    Rd4 "RD-4" Must Reader V1_0 "A reader MUST NOT crash, hang or read outside the file for any bytes, in any build profile.";
    Rd5 "RD-5" Must Reader V1_0 "A reader MUST NOT allocate memory by a number from the file before it has held that number against the length of the file.";
    Rd6 "RD-6" Must Reader V1_0 "A reader MUST compute sizes and compare offsets as if with unbounded integers, and read every integer exactly.";
    Rd7 "RD-7" Must Reader V1_0 "A reader MUST refuse a file with an unknown dtype whole, even if that tensor is empty or is not asked for.";
    Rd8 "RD-8" Should Reader V1_0 "A reader SHOULD report an unknown dtype by its name, and as unsupported, apart from damage to the file.";
    Rd9 "RD-9" Must Reader V1_0 "A reader that accepts a file under a leniency MUST read it as that leniency says.";
    Rd10 "RD-10" Must Reader V1_0 "A reader that refuses a valid file for a declared limit MUST report it as unsupported, never as invalid.";
    Rd11 "RD-11" Must Reader V1_0 "A reader MUST NOT act on a field of an entry other than `dtype`, `shape` and `data_offsets`.";
    Rd12 "RD-12" Should Reader V1_0 "A reader SHOULD say which tensor and which place in the header a refusal is about.";
    Rd13 "RD-13" May Reader V1_0 "A reader MAY report any one of the faults of a file that has several.";
    Rd14 "RD-14" May Reader V1_0 "A reader that cannot hold a tensor of an accepted file (rank, dtype, memory) MAY refuse that tensor when it is asked for, as a limit.";
    Rd15 "RD-15" Must Reader V1_0 "All ways of access that a reader offers (buffer, mapping, positioned reads, streaming, device) MUST give the same answer for the same file.";

    // What writers do.
    Wr1 "WR-1" Must Writer V1_0 "A writer MUST write only valid files, and MUST NOT rely on a leniency of any reader.";
    Wr2 "WR-2" Must Writer V1_0 "A writer MUST refuse a tensor named `__metadata__`.";
    Wr3 "WR-3" Must Writer V1_0 "A writer MUST refuse two tensors with one name.";
    Wr4 "WR-4" Must Writer V1_0 "A writer MUST refuse a tensor whose shape and dtype do not give the number of bytes that it was handed, computed without overflow.";
    Wr5 "WR-5" Must Writer V1_0 "A writer MUST write the values of an array in row-major order whatever its strides are, or refuse the array.";
    Wr6 "WR-6" Must Writer V1_0 "A writer MUST refuse a name, a metadata key or a metadata value that is not a sequence of Unicode scalar values.";
    Wr7 "WR-7" Must Writer V1_0 "A writer MUST refuse a metadata value that is not a string.";
    Wr8 "WR-8" Must Writer V1_0 "A writer MUST refuse to write a header text longer than 100,000,000 bytes.";
    Wr9 "WR-9" Should Writer V1_0 "A writer SHOULD keep dimensions and offsets at most 2^53 - 1."
        repair "keep every integer below 2^53, so that readers built on doubles see it exactly";
    Wr10 "WR-10" Should Writer V1_2 "A writer SHOULD give an F4 tensor an even last dimension."
        repair "pad the last dimension to an even number of elements";
    Wr11 "WR-11" Should Writer V1_0 "A writer SHOULD write to a new file and rename it into place, so that an existing file is never left half written.";
    Wr12 "WR-12" Should Writer V1_0 "A writer SHOULD write the same bytes for the same tensors and metadata.";
    Wr13 "WR-13" Must Writer V1_0 "A writer MUST NOT write a format version into a file, in `__metadata__` or elsewhere, for readers to act on.";
    Wr14 "WR-14" Must Writer V1_0 "A writer MUST NOT leave out or merge tensors that it was handed, even if they share memory, without being told to.";

    // Canonical form.
    Can1 "CAN-1" Must Writer V1_0 "A canonical file MUST have `__metadata__` as the first member if there is metadata, and no such member otherwise.";
    Can2 "CAN-2" Must Writer V1_0 "A canonical file MUST have the keys of `__metadata__` in ascending order of their UTF-8 bytes.";
    Can3 "CAN-3" Must Writer V1_0 "A canonical file MUST have its tensors, in the header and in the data buffer, by descending alignment of their dtypes, then by ascending UTF-8 bytes of their names.";
    Can4 "CAN-4" Must Writer V1_0 "A canonical file MUST have the fields of each entry in the order `dtype`, `shape`, `data_offsets`.";
    Can5 "CAN-5" Must Writer V1_0 "A canonical file MUST NOT have whitespace inside its object.";
    Can6 "CAN-6" Must Writer V1_0 "A canonical file MUST escape only `\"` and `\\` and U+0000 to U+001F, as `\\\"` `\\\\` `\\b` `\\f` `\\n` `\\r` `\\t` and otherwise as `\\u00xx` with lower-case digits.";
    Can7 "CAN-7" Must Writer V1_0 "A canonical file MUST have N as the least multiple of 8 that holds its object, padded with 0x20.";

    // Leniencies, limits, portable files.
    Lnc1 "LNC-1" Must Reader V1_0 "A reader MUST declare every leniency that it has, by its name from the closed list, and have no other.";
    Lnc2 "LNC-2" Must Reader V1_0 "A leniency MUST NOT change the reading of a valid file.";
    Lim1 "LIM-1" Must Reader V1_0 "A reader MUST declare every limit that it has, by its name from the closed list, with its value, and refuse valid files for no other.";
    Lim2 "LIM-2" Must Reader V1_0 "A declared limit MUST NOT be below the floor of that limit.";
    Port1 "PORT-1" Should Writer V1_0 "A writer SHOULD keep a file that is meant for every reader within the floors of all limits.";

    // Sniffing and versions.
    Snf1 "SNF-1" Should Reader V1_0 "A program that tells file types apart SHOULD take a file as safetensors only if it has at least 9 bytes, N is at most 100,000,000 and at most the number of bytes after the first 8, and byte 8 is 0x7B.";
    Snf2 "SNF-2" Must Reader V1_0 "A program that tells file types apart MUST NOT take a match as proof that the file is valid or harmless.";
    Ver1 "VER-1" Must Reader V1_0 "A reader of format version 1.b MUST read every file valid in 1.a, a at most b, with the same reading.";
    Ver2 "VER-2" Must Reader V1_0 "A reader MUST NOT take a format version from a file: the minimum version of a file follows from its dtypes alone.";

    // Security.
    Sec1 "SEC-1" Must Reader V1_0 "A reader MUST NOT use a tensor name or a metadata string as a path, a command or a key into program objects unless it has checked it for that use.";
    Sec2 "SEC-2" Must Reader V1_0 "A reader MUST NOT execute anything that is in a file.";
    Sec3 "SEC-3" Should Reader V1_0 "A reader SHOULD use time linear in N, up to a logarithm, and memory linear in N, to decide on a file.";
    Sec4 "SEC-4" Should Reader V1_0 "A reader that maps a file SHOULD document that the file must not change while it is mapped.";

    // The sharded index.
    Idx1 "IDX-1" Must Index V1_0 "An index MUST be one JSON object in well-formed UTF-8, without duplicate keys at any depth."
        repair "the index is cut off, was edited by hand or is something else; fetch it again, or have the writer of the model write it again";
    Idx2 "IDX-2" Should Index V1_0 "An index SHOULD be at most 10,000,000 bytes long."
        repair "leave out of `metadata` what no loader reads, or write the index without indentation";
    Idx3 "IDX-3" Must Index V1_0 "An index MUST have a member `weight_map`, an object that maps each tensor name to the name of its shard as a string."
        repair "write `weight_map` as one object from tensor names to file names; nothing else may stand in it";
    Idx4 "IDX-4" Should Index V1_0 "The `weight_map` SHOULD NOT be empty."
        repair "if the model has tensors, write the index again; if it has none, it needs no index";
    Idx5 "IDX-5" Must Index V1_0 "A shard name MUST be a relative path under the rules of both POSIX and Windows: without a root, a drive, a `..` component or U+0000; and it MUST end in `.safetensors`."
        repair "name each shard by its path from the directory of the index, with `/` and without `..`; do not load an index that you did not expect to lead elsewhere";
    Idx6 "IDX-6" Should Index V1_0 "A shard name SHOULD be a single path component."
        repair "put the shards beside the index, and name them without a directory";
    Idx7 "IDX-7" Must Index V1_0 "Every named shard MUST exist as a regular file in the directory of the index or below it."
        repair "fetch the shard that is missing, or write the model again; if the file has another name, rename it or mend the index";
    Idx8 "IDX-8" Should Index V1_0 "A shard SHOULD NOT be reached through a symbolic link that leads out of the directory of the index."
        repair "put the file itself into the directory, unless the link is made by a cache that you trust";
    Idx9 "IDX-9" Must Index V1_0 "Every named shard MUST be a valid file."
        repair "fetch or write the shard again; `stconform validate` on the shard alone shows what is wrong with it";
    Idx10 "IDX-10" Must Index V1_0 "Every tensor of the `weight_map` MUST be in the shard that it is mapped to."
        repair "map the tensor to the shard that holds it, or take it out of the `weight_map` if no shard does";
    Idx11 "IDX-11" Should Index V1_0 "Every tensor of every named shard SHOULD be in the `weight_map`."
        repair "add the tensor to the `weight_map`, or write the shard without it";
    Idx12 "IDX-12" Must Index V1_0 "A tensor name MUST NOT occur in two of the named shards."
        repair "keep the tensor in the one shard that the `weight_map` names, and write the other without it";
    Idx13 "IDX-13" Must Index V1_0 "The `weight_map` MUST NOT have a key `__metadata__`."
        repair "take `__metadata__` out of the `weight_map`; text about the model stands in `metadata`";
    Idx14 "IDX-14" Should Index V1_0 "An index SHOULD have a member `metadata` that is an object."
        repair "add `metadata`, if only as an empty object";
    Idx15 "IDX-15" Should Index V1_0 "The value `metadata.total_size`, if there is one, SHOULD be an integer equal to the sum of END - BEGIN over all mapped tensors."
        repair "set `total_size` to the bytes of the tensors alone, without headers, or leave it out";
    Idx16 "IDX-16" Should Index V1_0 "Shard names SHOULD have the form `PREFIX-NNNNN-of-MMMMM.safetensors`, with M the number of shards and every number from 1 to M present."
        repair "rename the shards, in the index too, or have the writer number them";
    Idx17 "IDX-17" Should Index V1_0 "A directory SHOULD NOT hold a file of that form and prefix that the index does not name."
        repair "delete the file if it is left over from an earlier save";
    Idx18 "IDX-18" Should Index V1_0 "A directory SHOULD NOT hold both an index and the single file that it stands for."
        repair "keep one of the two";
    Idx19 "IDX-19" Must Reader V1_0 "A reader of a sharded model MUST check every shard name under IDX-5 before it opens any shard.";
    Idx20 "IDX-20" May Reader V1_0 "A reader that finds both the single file and the index MAY prefer the single file, and says which one it took.";
    Idx21 "IDX-21" May Index V1_0 "An index MAY have other members, and `metadata` MAY hold any JSON values.";
}
